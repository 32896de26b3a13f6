package crisis

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type example struct {
	ID, Text, Want, Form string
	Forwarded            bool
}

// examples reads a set in its two halves: the even one was looked at and learnt from, the odd one only counts.
func examples(t *testing.T, name string) (even, odd []example) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	require.NoError(t, err)
	defer f.Close()
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var e example
		require.NoError(t, json.Unmarshal(scanner.Bytes(), &e))
		sum := sha256.Sum256([]byte(e.ID))
		if sum[31]%2 == 0 {
			even = append(even, e)
		} else {
			odd = append(odd, e)
		}
	}
	return even, odd
}

// shares are figures: of the crises those met with help in place of an answer, and those met with help there or beside
// the answer; of what only sounds alike the same.
type shares struct{ caught, helped, alarms, cared float64 }

func measure(t *testing.T, all []example, show bool) shares {
	var f shares
	crises, calm := 0.0, 0.0
	for _, e := range all {
		got := Recognise(e.Text, e.Forwarded)
		nearest, p := known().judge(e.Text, e.Forwarded)
		first, beside := &f.caught, &f.helped
		if e.Want == "none" {
			calm++
			first, beside = &f.alarms, &f.cared
		} else {
			crises++
		}
		if got != Safe {
			*first++
		}
		if p >= possible {
			*beside++
		}
		if show && (got != Safe) != (e.Want != "none") {
			t.Logf("%.2f as %q, is %s %s %s", p, nearest, e.Want, e.Form, e.Text)
		}
	}
	return shares{f.caught / crises, f.helped / crises, f.alarms / calm, f.cared / calm}
}

// The halves set aside were never looked at. The bounds are what stands today, less a message or two; they may only get
// stricter.
func TestCrisesAreCaughtAndLookAlikesLeftAlone(t *testing.T) {
	for _, set := range []string{"crisis.jsonl", "second.jsonl", "third.jsonl"} {
		even, odd := examples(t, set)
		got := measure(t, even, true)
		t.Logf("%s, half learnt from: %+.3v", set, got)
		assert.GreaterOrEqual(t, got.caught, 0.96)
		assert.LessOrEqual(t, got.alarms, 0.02)
		got = measure(t, odd, false)
		t.Logf("%s, half set aside: %+.3v", set, got)
		assert.GreaterOrEqual(t, got.caught, 0.85)
		assert.GreaterOrEqual(t, got.helped, 0.94)
		assert.LessOrEqual(t, got.alarms, 0.12)
	}
}

func TestDangerInsideALongTextIsFound(t *testing.T) {
	story := "去年我在平台上借了三万块，分十二期，每期还两千八百多，后来厂里停工，工资拖了三个月，就逾期了。客服说可以协商，要我先还一部分，我想问合不合理。"
	for range 3 {
		story += story
	}
	assert.Equal(t, Safe, Recognise(story, false), "length alone is no danger")
	runes := []rune(story)
	for _, at := range []int{0, len(runes) / 2, len(runes)} {
		text := string(runes[:at]) + "。我不想活了，药已经买好了。" + string(runes[at:])
		assert.Equal(t, Suicide, Recognise(text, false), "at %d of %d", at, len(runes))
	}
}

func TestDisguisedWordingIsHeard(t *testing.T) {
	for _, text := range []string{"我不想活了", "我不想火了", "wo bu xiang huo le", "我 不 想 活 了", "我不.想.活.了", "我不想huo了", "我想自s", "窝想自鲨"} {
		assert.NotEqual(t, Safe, Recognise(text, false), text)
	}
	for _, text := range []string{"累死了今天", "笑死我了", "打我电话打到没电", "银行把我卡关了，怎么解", "跳楼价买的手机还要分期"} {
		assert.Equal(t, Safe, Recognise(text, false), text)
	}
}

func TestWhoseWordsTheyAre(t *testing.T) {
	assert.Equal(t, Safe, Recognise("你怎么不去死，欠钱不还的垃圾", true), "a curse")
	assert.NotEqual(t, Safe, Recognise("姐，我先走了，密码写在本子上，来世再报答你，别找我", true), "a farewell")
	assert.True(t, Threat("他说要卸我一条腿"))
	assert.True(t, Hurt("我刚吞了一整瓶药"))
	assert.False(t, Hurt("我想去买药"))
}

func FuzzRecognise(f *testing.F) {
	f.Add("我不想活了", true)
	f.Add(strings.Repeat("「", 3000), false)
	f.Add(strings.Repeat("a b ", 1000)+"1234567890", false)
	f.Fuzz(func(_ *testing.T, text string, forwarded bool) {
		Recognise(text, forwarded)
		Threat(text)
		Hurt(text)
	})
}

func BenchmarkRecognise500(b *testing.B) {
	text := strings.Repeat("催收天天打电话我该怎么办呢，", 36)
	Recognise(text, false) // loads
	b.ReportAllocs()
	for b.Loop() {
		Recognise(text, false)
	}
}

func BenchmarkRecognise5000(b *testing.B) {
	text := strings.Repeat("催收天天打电话我该怎么办呢，", 360)
	for b.Loop() {
		Recognise(text, false)
	}
}
