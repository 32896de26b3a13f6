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

// examples reads the set, which somebody else wrote before the recogniser, in its two halves: the even one was
// looked at, the odd one only counts.
func examples(t *testing.T) (even, odd []example) {
	t.Helper()
	f, err := os.Open("testdata/crisis.jsonl")
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

func figures(t *testing.T, all []example, show bool) (caught, alarms float64) {
	crises, hits, calm, wrong := 0, 0, 0, 0
	for _, e := range all {
		got := Recognise(e.Text, e.Forwarded)
		switch {
		case e.Want != "none":
			crises++
			if got != Safe {
				hits++
			} else if show {
				t.Logf("missed %s %s %s", e.Want, e.Form, e.Text)
			}
		default:
			calm++
			if got != Safe {
				wrong++
				if show {
					t.Logf("alarm %s %s %s", got, e.Form, e.Text)
				}
			}
		}
	}
	return float64(hits) / float64(crises), float64(wrong) / float64(calm)
}

func TestCrisesAreCaughtAndLookAlikesLeftAlone(t *testing.T) {
	even, odd := examples(t)
	caught, alarms := figures(t, even, true)
	t.Logf("half looked at: %.3f caught, %.3f alarms", caught, alarms)
	assert.GreaterOrEqual(t, caught, 0.95) // what stands today; it may only rise
	assert.LessOrEqual(t, alarms, 0.05)
	byForm := map[string][2]int{}
	for _, e := range odd {
		if e.Want == "none" {
			continue
		}
		n := byForm[e.Want+" "+e.Form]
		n[1]++
		if Recognise(e.Text, e.Forwarded) != Safe {
			n[0]++
		}
		byForm[e.Want+" "+e.Form] = n
	}
	t.Logf("half set aside, caught of all: %v", byForm)
	caught, alarms = figures(t, odd, false)
	t.Logf("half set aside: %.3f caught, %.3f alarms", caught, alarms)
}

func TestForwardedCurseIsNoCrisis(t *testing.T) {
	assert.Equal(t, Safe, Recognise("你怎么不去死", true))
	assert.True(t, Threat("他说要卸我一条腿"))
}

func FuzzRecognise(f *testing.F) {
	f.Add("我不想活了")
	f.Add(strings.Repeat("「", 3000))
	f.Fuzz(func(_ *testing.T, text string) {
		Recognise(text, false)
		Threat(text)
	})
}

func BenchmarkRecognise500(b *testing.B) {
	text := strings.Repeat("催收天天打电话我该怎么办呢，", 36)
	for b.Loop() {
		Recognise(text, false)
	}
}
