package dialog

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"wenzhu/dialog/words"
)

var said = []string{
	"你好", "1", "2", "３", "④", "9", "安全", "不安全", "我自己欠款", "是我妈被打电话", "打错了", "可以", "不用", "跳过", "夜里打电话合法吗", "【某贷】请转账到个人账户",
	"记一次骚扰", "提醒", "下周五", "明天或后天", "今晚11点", "昨天", "上周三", "二月三十号", "2025-13-40", "还没发呢", "首页", "返回", "/start", "/help", "/delete", "/cancel",
	"删除我的数据", "全部删除", "我不想活了", "谢谢", "嗯", "傻逼", "我好累", "你是真人吗", "????", "🙂", "x", "13800000000", "我的进度", "某某贷", "小额贷款公司", "高利贷", "已经还清了",
	"证据清单", "导出我的数据", "报案材料", "1 2", "第二个做了", "做完了", "他说再不还就弄死我", "說不清楚", "幫助", "您在司法部门有案件，请速联系", "不还就打您通讯录", "【甲】请转账\n【乙】谢谢\n【丙】不还就打您通讯录", "http://a.example/x", "if (x) {\n return 1;\n}", "please send the money to this account now", strings.Repeat("甲方乙方第一条第二条违约责任", 300), strings.Repeat("长", 5000),
}

// TestLawsOfTheDialog holds for any conversation whatever people type and press, in any order.
func TestLawsOfTheDialog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPerson()
		for range rapid.IntRange(1, 40).Draw(t, "turns") {
			e := drawEvent(t, p)
			if e.Kind == Due {
				p.now = p.now.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "hours")) * time.Hour)
			}
			before, err := json.Marshal(p.s)
			if err != nil {
				t.Fatal(err)
			}
			held := p.s
			out := p.do(e)
			after, _ := json.Marshal(held)
			if string(before) != string(after) {
				t.Fatalf("the session was changed in place: %s", after)
			}
			checkLaws(t, p, e, out)
		}
	})
}

func drawEvent(t *rapid.T, p *person) Event {
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0, 1, 2, 3:
		return Event{Kind: Text, Text: rapid.SampledFrom(said).Draw(t, "text"), Forwarded: rapid.IntRange(0, 9).Draw(t, "forwarded") == 0, FromPicture: rapid.IntRange(0, 9).Draw(t, "picture") == 0}
	case 4, 5, 6, 7:
		if len(p.s.Offered) > 0 {
			return Event{Kind: Press, Data: rapid.SampledFrom(p.s.Offered).Draw(t, "button").Data}
		}
		return Event{Kind: Start}
	case 8:
		if rapid.Bool().Draw(t, "odd") {
			return Event{Kind: Press, Data: rapid.SampledFrom([]string{
				"r1.safe", "keep:99", "law:none", "stop:x", "r0.", "", "go:nowhere", "step:9", "undo:1", "tick:1", "how:call", "r1.tick:1,2", "mark:9.9", "mark:1.0", "mark:2.3", "mark:x",
				"look:", "look:x", "later:", "snooze:day:x", "snooze:x", "outcome:silent:x", "outcome:", "change:x", "reminder:x", "reminders:9", "ics:x", "ics:=zz|", "allow:x", "zone:x",
				"reopen", "relief:x", "relief:less", "remind:due", "remindme:明天", "settings", "stop:all", "number:1", "said:", "letter:", "letter:police", "letter:platform", "letter:regulator", "howto:7", "howto:2", "consent:on", "consent:off", "consent:", "talk:x", "go:who", "r1.others:5",
				"r1.lender:none", "judge:00", "judge:9", "fix:00", "further:00", "wording:0001", "sender:00", "r1.sent_by:x", "verify:", "dispute:00", "give:scam:00", "give:x:y", "keepall:00", "hour", "hour:paid", "hour:paid:1:1", "hour:paid:9:1", "hour:x:1", "call:", "safe:low", "text:x", "unclear", "message", "twice", "\x00", "r", "r.", "更多",
			}).Draw(t, "data")}
		}
		return Event{Kind: Media, Medium: rapid.SampledFrom([]Medium{Voice, Sticker, Location, Video, Contact, Photo, File, Unknown, "odd"}).Draw(t, "medium")}
	}
	return Event{Kind: Due}
}

func checkLaws(t *rapid.T, p *person, e Event, out Outcome) {
	if len(out.Replies) == 0 && out.Silence == "" {
		t.Fatalf("nothing is said to %+v in state %q", e, out.Session.State)
	}
	if out.Silence == Gathering && !slices.ContainsFunc(out.Session.Wakes, func(w Wake) bool { return w.ID == wakeGather }) {
		t.Fatalf("silence without an event that will answer %+v", e)
	}
	if !states()[out.Session.State] {
		t.Fatalf("state %q is in no row", out.Session.State)
	}
	record, err := json.Marshal(out.Session)
	if err != nil || len(record) > 2048 {
		t.Fatalf("the session has %d bytes: %s", len(record), record)
	}
	for _, r := range out.Replies {
		if utf8.RuneCountInString(r.Text)+utf8.RuneCountInString(r.Copy) > 4000 || r.Text == "" {
			t.Fatalf("a reply does not fit: %q", r.Text)
		}
		if n := utf8.RuneCountInString(withoutBasis(r.Text)); n > 300 && !names(r, "bad:") && !names(r, "law:") { // these texts are the knowledge's
			t.Fatalf("%d characters do not fit a phone's screen: %q", n, r.Text)
		}
		if blank.MatchString(r.Text + r.Copy) {
			t.Fatalf("a blank was left open: %q %q", r.Text, r.Copy)
		}
		for _, b := range r.Buttons {
			if len(b.Data) > 64 || b.Label == "" || b.Data == "" && b.URL == "" {
				t.Fatalf("button %+v of %q", b, r.Text)
			}
		}
		checkButtons(t, out.Session, r)
	}
	if last := len(out.Replies) - 1; last >= 0 && !out.Erase && len(out.Replies[last].Buttons) == 0 {
		t.Fatalf("no way on from %q", out.Replies[last].Text)
	}
	for _, b := range out.Session.Offered {
		q := *p
		if again := q.try(Event{Kind: Press, Data: b.Data}); len(again.Replies) == 0 && again.Silence == "" || says(again, "go.unclear") || says(again, "go.stale") {
			t.Fatalf("the offered button %+v leads nowhere in state %q", b, out.Session.State)
		}
	}
	checkTyping(t, p, out)
	if q := *p; q.try(Event{Kind: Text, Text: "首页"}).Session.State != Hub {
		t.Fatalf("home is not reached from %q", out.Session.State)
	}
}

var blank = regexp.MustCompile(`\{[a-z_]+\}`)

// withoutBasis is a screen without the line that names the laws, which is not counted.
func withoutBasis(text string) string {
	if at := strings.LastIndex(text, "\n依据："); at >= 0 {
		return text[:at]
	}
	return text
}

// names says whether a button of a reply begins with this data.
func names(r Reply, data string) bool {
	return slices.ContainsFunc(r.Buttons, func(b Button) bool { return strings.HasPrefix(b.Data, data) })
}

// checkTyping: the words of a button, typed, do what the button does, for every button on the screen and for those of
// the screens before that are still known. Only a mark is not taken away by who writes that something is done.
func checkTyping(t *rapid.T, p *person, out Outcome) {
	var all []Button
	for _, r := range slices.Backward(out.Replies) {
		all = append(all, r.Buttons...)
	}
	seen := make(map[string]bool)
	for _, b := range slices.Concat(all, out.Session.Offered, out.Session.Earlier) {
		if seen[b.Label] || b.URL != "" || strings.HasPrefix(b.Data, "unmark:") {
			continue
		}
		seen[b.Label] = true
		q := *p
		pressed, typed := q.try(Event{Kind: Press, Data: b.Data}), q.try(Event{Kind: Text, Text: b.Label})
		if pressed.Silence != DoubleTap && (pressed.Session.State != typed.Session.State || told(pressed) != told(typed)) {
			t.Fatalf("in state %q, %q typed leads to %q %q and pressed to %q %q", out.Session.State, b.Label, typed.Session.State, told(typed), pressed.Session.State, told(pressed))
		}
	}
}

// told are the words of an outcome.
func told(out Outcome) string {
	var all []string
	for _, r := range out.Replies {
		all = append(all, r.Text)
	}
	return strings.Join(all, "|")
}

// checkButtons: four buttons and the way home, eight where there is a list to choose from.
func checkButtons(t *rapid.T, s Session, r Reply) {
	n, same := 0, make(map[string]bool)
	for _, b := range r.Buttons {
		if same[b.Label] {
			t.Fatalf("two buttons say %s under %q", b.Label, r.Text)
		}
		same[b.Label] = true
		if b.Label != words.Get("go.home") {
			n++
		}
	}
	most := 4
	switch s.State {
	case Hub, InStep, LogHow, Lender, When, Which, Sender, Dispute, Hour:
		most = 8
	}
	if s.State == Hub && strings.HasPrefix(r.Text, words.Fill("hub.title", "bar", "")) {
		most = 9 // the hub has the way back where others have the way home
	}
	if n > most {
		t.Fatalf("%d buttons in state %q under %q", n, s.State, r.Text)
	}
}

// try steps without keeping anything.
func (p *person) try(e Event) Outcome {
	e.ID, e.At = "try", p.now
	out := p.d.Step(p.s, e)
	for len(out.Needs) > 0 {
		if e.Lists == nil {
			e.Lists = make(map[List][]Item)
		}
		for _, l := range out.Needs {
			e.Lists[l] = p.items(l)
		}
		out = p.d.Step(p.s, e)
	}
	return out
}

func says(out Outcome, key string) bool {
	return len(out.Replies) == 1 && out.Replies[0].Text == words.Get(key)
}

func states() map[State]bool {
	all := map[State]bool{Fresh: true}
	for _, row := range transitions {
		if row.from != Any {
			all[row.from] = true
		}
		for _, to := range row.to {
			all[to] = true
		}
	}
	return all
}

func TestEveryStateIsReachedAndLeft(t *testing.T) {
	reached := map[State]bool{Fresh: true}
	for _, row := range transitions {
		for _, to := range row.to {
			reached[to] = true
		}
	}
	for s := range states() {
		assert.True(t, reached[s], "%s is never reached", s)
	}
	row, ok := find("anything", "go")
	assert.True(t, ok && row.from == Any, "home is reachable from everywhere")
}

func TestWordsFitAndAreKind(t *testing.T) {
	for _, key := range words.Keys() {
		text := words.Get(key)
		assert.NotEmpty(t, text, key)
		if len(key) > 5 && key[:5] == "read." || len(key) > 9 && key[:9] == "telegram." {
			continue
		}
		assert.LessOrEqual(t, utf8.RuneCountInString(text), 300, key)
		for _, bad := range []string{"保证您", "一定能", "请您放心", "亲，", "亲爱的"} {
			assert.NotContains(t, text, bad, key)
		}
	}
}

// TestTheRecordFitsAtItsFullest: everything that a session can hold, held at once.
func TestTheRecordFitsAtItsFullest(t *testing.T) {
	p := newPerson()
	long := strings.Repeat("长", 400)
	p.s = Session{Person: Stranger, Home: InStep, State: InStep, Step: 2, Consent: Granted, Round: 1 << 20, Zone: "America/Argentina/Buenos_Aires", Crisis: "2026-11-24"}
	p.s.Counts = Counts{Log: 1999, Night: 1500, Third: 900, Kept: 299, Judge: 12345, Due: 49, Days: make(map[string]Day)}
	for i := range countedDays {
		p.s.Counts.Days[p.now.AddDate(0, 0, -i).Format(time.DateOnly)] = Day{All: 100, Night: 100}
	}
	for i := range p.s.Steps {
		p.s.Steps[i] = Progress{Ticks: 15, Done: true}
	}
	p.s.Step = 4
	p.s.Wakes = []Wake{{ID: wakeCrisis, At: p.now, Own: true, Hold: true}, {ID: wakeRemind, At: p.now, Own: true}, {ID: wakeGather, At: p.now}}
	for _, e := range []Event{
		{Kind: Text, Text: long + "夜里打电话合法吗"}, {Kind: Press, Data: "letter:platform"}, {Kind: Text, Text: "担保公司"}, {Kind: Text, Text: strings.Repeat("某", 60)},
		{Kind: Press, Data: "letter:regulator"}, {Kind: Text, Text: "已经发出去了"}, {Kind: Text, Text: "今天"}, {Kind: Text, Text: "记一次骚扰"}, {Kind: Text, Text: "谢谢"},
		{Kind: Press, Data: "howto:1"}, {Kind: Press, Data: "step:1"}, {Kind: Text, Text: "您在法院有案件" + strings.Repeat("请速", 60)}, {Kind: Text, Text: "嗯"},
	} {
		out := p.do(e)
		record, err := json.Marshal(out.Session)
		assert.NoError(t, err)
		assert.LessOrEqual(t, len(record), 2048, "%s", record)
	}
}

// FuzzStep: whatever is typed, forwarded or sent back as a button gets a reply or a named silence, at any place.
func FuzzStep(f *testing.F) {
	for _, text := range said {
		f.Add(text, false, uint8(0))
		f.Add(text, true, uint8(3))
	}
	for _, data := range []string{"r1.safe", "mark:1.0", "how:sms:x", "letter:police", "r.", "r00000000000000000000.x", "mark:99999999999999999999.1", "ics:=|", "topic:", "call:110"} {
		f.Add(data, true, uint8(7))
	}
	f.Fuzz(func(t *testing.T, text string, forwarded bool, at uint8) {
		p := newPerson()
		way := []string{"从头开始", "安全", "我自己欠款", "写投诉的话", "可以", "租机公司", "跳过", "不到三年", "已经发出去了"}
		for i, label := range way[:int(at)%len(way)] {
			if i == 3 {
				p.do(Event{Kind: Press, Data: "step:2"})
			}
			p.presses(label)
		}
		for _, e := range []Event{{Kind: Text, Text: text, Forwarded: forwarded}, {Kind: Press, Data: text}} {
			if out := p.do(e); len(out.Replies) == 0 && out.Silence == "" {
				t.Errorf("nothing is said to %+v", e)
			}
		}
	})
}

// TestDeadEndsNameAPerson: where the bot is at its end, somebody who can be reached is named, with the hours.
func TestDeadEndsNameAPerson(t *testing.T) {
	for _, key := range []string{"go.unclear", "answer.none", "answer.rated", "help.text", "talk.who", "talk.tired", "media.file", "step.end"} {
		text := words.Get(key)
		assert.Regexp(t, `110|12348|12356`, text, key)
		assert.Regexp(t, `小时|各地时间不同`, text, key)
	}
	for _, key := range []string{"fixed.failed", "fixed.away", "fixed.flooded", "media.location"} {
		assert.Regexp(t, `110|12348|12356`, words.Get(key), key)
	}
}

// TestStepsFitAScreen: every step of every kind of person on one screen of a phone, with a short button for each item.
func TestStepsFitAScreen(t *testing.T) {
	for _, who := range []Person{Borrower, Relative, Stranger} {
		for step := range stepKeys {
			p := newPerson()
			p.s = Session{State: Hub, Home: InStep, Person: who, Consent: Granted}
			r := p.do(Event{Kind: Press, Data: "step:" + itoa(step)}).Replies[0]
			name := string(who) + " " + stepKeys[step]
			assert.LessOrEqual(t, utf8.RuneCountInString(r.Text), 300, name)
			items := checklist(p.s, step)
			assert.GreaterOrEqual(t, len(items), 3, name)
			for i, item := range items {
				assert.Contains(t, r.Text, item.text, name)
				assert.Equal(t, "□ "+item.label, r.Buttons[i].Label, name)
				assert.LessOrEqual(t, utf8.RuneCountInString(item.label), 7, name)
			}
			for _, text := range []string{"why", "dont", "next", "howto"} {
				assert.NotEmpty(t, part(p.s, step, text), name)
			}
			out := p.do(Event{Kind: Press, Data: "howto:" + itoa(step)})
			assert.Greater(t, len(out.Replies[0].Buttons), 4, "how to do it: "+name)
		}
	}
}
