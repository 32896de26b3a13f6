package crisis

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"os"
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

func measure(t *testing.T, all []example, show bool) (caught, alarms float64) {
	crises, hits, calm, wrong := 0, 0, 0, 0
	for _, e := range all {
		got, p := known().judge(e.Text, e.Forwarded)
		switch {
		case e.Want != "none":
			crises++
			if got != Safe {
				hits++
			} else if show {
				t.Logf("missed %.2f %s %s %s", p, e.Want, e.Form, e.Text)
			}
		default:
			calm++
			if got != Safe {
				wrong++
				if show {
					t.Logf("alarm %.2f %s %s %s", p, got, e.Form, e.Text)
				}
			}
		}
	}
	return float64(hits) / float64(crises), float64(wrong) / float64(calm)
}

// The halves set aside were never looked at. The floors are what stands today, less a message or two; they may only rise.
func TestCrisesAreCaughtAndLookAlikesLeftAlone(t *testing.T) {
	for _, set := range []string{"crisis.jsonl", "second.jsonl"} {
		even, odd := examples(t, set)
		caught, alarms := measure(t, even, true)
		t.Logf("%s, half learnt from: %.3f caught, %.3f alarms", set, caught, alarms)
		assert.GreaterOrEqual(t, caught, 0.97)
		assert.LessOrEqual(t, alarms, 0.02)
		if os.Getenv("SET_ASIDE") != "" {
			caught, alarms = measure(t, odd, false)
			t.Logf("%s, half set aside: %.3f caught, %.3f alarms", set, caught, alarms)
		}
	}
}
