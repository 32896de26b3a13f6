package dialog

import (
	"time"

	"wenzhu/dialog/when"
	"wenzhu/dialog/words"
)

// door is where complaints about a kind of lender go, and by when an answer is due there.
type door struct {
	name    string  // of its sentences, door.<name>
	company dueRule // for the company itself
	office  dueRule // for the authority
}

// dueRule names the rule by which an answer is due; its sentence is letter.due_<name>. Only rules that were found in a
// source stand here: the others are looked back at after lookBack, which is said to be no more than a suggestion.
type dueRule string

const (
	byInsurer dueRule = "15_days"    // 银行业保险业消费投诉处理管理办法: the institution, 15 days from receipt
	byMarket  dueRule = "7_workdays" // 消费者权益保护法实施条例 第四十六条: seven working days
	byPolice  dueRule = "police"     // 治安管理处罚法 第一百一十八条: 30 days from the opening of the case
	byNobody  dueRule = "unknown"
)

const lookBack = 15 // days

var doors = map[string]door{
	"bank-card":        {"nfra", byInsurer, byInsurer},
	"bank-loan":        {"nfra", byInsurer, byInsurer},
	"consumer-finance": {"nfra", byInsurer, byInsurer},
	"microloan":        {"local", byNobody, byNobody},
	"guarantee":        {"guarantee", byNobody, byNobody},
	"loan-assist":      {"assist", byNobody, byNobody},
	"transferred":      {"transferred", byNobody, byNobody},
	"lease":            {"market", byNobody, byMarket},
	"instalment-shop":  {"shop", byNobody, byMarket},
	"illegal-lender":   {"police", byNobody, byPolice},
	"friend":           {"friend", byNobody, byNobody},
	"unknown":          {"unknown", byNobody, byNobody},
}

// doorOf is the door for the lender of the case.
func (t *talk) doorOf() door {
	d, ok := doors[t.s.Facts["lender"]]
	if !ok {
		d = doors["unknown"]
	}
	return d
}

// due is the day on which an answer is due to what was sent on a day.
func (r dueRule) due(sent time.Time) time.Time {
	switch r {
	case byMarket:
		if at, err := when.Parse(words.Get("letter.phrase_7_workdays"), sent); err == nil {
			return at.At
		}
		return sent.AddDate(0, 0, 9)
	case byPolice:
		return sent.AddDate(0, 0, 30)
	case byInsurer:
		return sent.AddDate(0, 0, 15)
	}
	return sent.AddDate(0, 0, lookBack)
}
