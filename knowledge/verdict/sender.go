package verdict

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Said is what a person said about who sent a message.
type Said string

// The senders that a person can tell apart. Empty: not asked.
const (
	SaidUnknownNumber  Said = "unknown_number"
	SaidOfficialNumber Said = "official_number" // a short number such as 95xxx
	SaidMassNumber     Said = "mass_number"     // 106…
	SaidAddedPerson    Said = "added_person"    // somebody who added them, or whom they were told to add
	SaidKnownPerson    Said = "known_person"
	SaidLenderApp      Said = "lender_app" // read inside the lender's own App
	SaidOverseas       Said = "overseas_number"
)

// senderPrefix begins the signals of senders: sender-mobile and so on.
const senderPrefix = "sender-"

// Classes of senders that have no number of their own form.
const (
	classOverseas = "overseas"
	classPerson   = "person" // a name instead of a number
	classOdd      = "odd"    // a number of no known form
)

// senders is rules/senders.yaml.
type senders struct {
	Classes map[string]struct {
		Prefixes []string
		Digits   [2]int
		Whole    bool // the number is a prefix, to the last digit
	}
	Signatures   map[string][]string
	Institutions []string // of the signatures
	Said         map[Said][]string
	Leans        map[Said]map[Label]float64
}

func readSenders(content []byte) (*senders, error) {
	s := new(senders)
	if err := yaml.Unmarshal(content, s); err != nil {
		return nil, fmt.Errorf("rules/senders.yaml: %w", err)
	}
	return s, nil
}

// longestSender is how much of a sender is looked at, in bytes.
const longestSender = 100

// classes are those of a sender as the message shows it.
func (s *senders) classes(sender string, said Said) []string {
	all := slices.Clone(s.Said[said])
	number, plus := senderNumber(sender)
	switch {
	case number == "" && strings.TrimSpace(sender) != "":
		all = append(all, classPerson)
	case number == "":
	case plus && !strings.HasPrefix(number, "86"), !plus && strings.HasPrefix(number, "00") && !strings.HasPrefix(number, "0086"):
		all = append(all, classOverseas)
	default:
		number = strings.TrimPrefix(number, "00")
		if len(number) > 11 {
			number = strings.TrimPrefix(number, "86")
		}
		all = append(all, s.byNumber(number)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (s *senders) byNumber(number string) []string {
	var all []string
	for name, c := range s.Classes {
		if len(number) < c.Digits[0] || len(number) > c.Digits[1] {
			continue
		}
		for _, p := range c.Prefixes {
			if c.Whole && number == p || !c.Whole && strings.HasPrefix(number, p) {
				all = append(all, name)
				break
			}
		}
	}
	if all == nil {
		all = []string{classOdd}
	}
	return all
}

// senderNumber are the digits of a sender, none when it is a name or has other letters.
func senderNumber(sender string) (number string, plus bool) {
	var b strings.Builder
	for _, c := range sender[:min(len(sender), longestSender)] {
		switch {
		case digit(c):
			b.WriteRune(c)
		case c == '+' && b.Len() == 0:
			plus = true
		case c != ' ' && c != '-' && c != '(' && c != ')' && c != utf8.RuneError:
			return "", false
		}
	}
	return b.String(), plus
}
