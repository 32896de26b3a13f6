package telegram

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/telegram/faketelegram"
)

func TestHeldOffsetIsAskedAgainNotTooOften(t *testing.T) {
	r := start(t, false, nil)
	r.fake.Say(7, "one")
	r.eventually(t, 7, "1 one")
	r.store.Set(true)
	r.fake.Say(7, "two")
	time.Sleep(200 * time.Millisecond)
	before := r.fake.Calls("getUpdates")
	time.Sleep(2 * time.Second)
	assert.InDelta(t, 3, r.fake.Calls("getUpdates")-before, 1, "every 0.6 s")
	assert.Equal(t, 1, r.fake.Waiting(), "not confirmed before its commit")
	r.store.Set(false)
	r.eventually(t, 7, "1 one", "2 two")
}

func TestWhatIsNotCommittedComesAgainToTheNextProcess(t *testing.T) {
	r := start(t, false, nil)
	r.fake.Say(8, "first")
	r.eventually(t, 8, "1 first")
	r.store.Set(true)
	r.fake.Say(7, "two")
	time.Sleep(100 * time.Millisecond)
	r.stop()
	assert.Equal(t, 1, r.fake.Waiting())
	r.store.Set(false)
	_, _, stop := r.replica(t, "b", false, nil)
	r.eventually(t, 7, "1 two")
	stop()
	assert.Equal(t, 0, r.fake.Waiting(), "confirmed at the end")
	r.eventually(t, 8, "1 first")
}

// TestEverythingAtOnceIsHandledOnce: more than fit into one answer, of many people.
func TestEverythingAtOnceIsHandledOnce(t *testing.T) {
	r := start(t, false, nil)
	const people, words = 50, 6
	for n := range words {
		for person := range people {
			r.fake.Say(int64(1000+person), fmt.Sprint("w", n))
		}
	}
	want := []string{"1 w0", "2 w1", "3 w2", "4 w3", "5 w4", "6 w5"}
	for person := range people {
		r.eventually(t, int64(1000+person), want...)
	}
}

func TestSecondPollerIsSaidAndNothingIsLost(t *testing.T) {
	r := start(t, false, nil)
	other, _, stop := r.replica(t, "b", false, nil)
	states := func() string { return r.channel.State() + other.State() }
	assert.Eventually(t, func() bool { return len(states()) > len(stateOK+stateOK) && states() != "" }, 10*time.Second, time.Millisecond)
	var want []string
	for n := range 20 {
		r.fake.Say(7, fmt.Sprint("w", n))
		want = append(want, fmt.Sprintf("%d w%d", n+1, n))
	}
	r.eventually(t, 7, want...)
	stop()
	r.fake.Say(7, "end")
	r.eventually(t, 7, append(want, "21 end")...)
	assert.Eventually(t, func() bool { return r.channel.State() == stateOK }, 10*time.Second, time.Millisecond)
}

func TestBadTokenIsSaidAndTriedAgain(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		var good atomic.Bool
		r := start(t, webhook, nil)
		r.fake.Script(func(string, map[string]string) *faketelegram.Failure {
			if good.Load() {
				return nil
			}
			return &faketelegram.Failure{Code: 401, Description: "Unauthorized"}
		})
		if !webhook { // a webhook that stands does not ask
			r.fake.Say(8, "wakes the poll")
			require.Eventually(t, func() bool { return r.channel.State() == stateToken }, 10*time.Second, time.Millisecond)
		}
		good.Store(true)
		r.fake.Say(7, "hello")
		r.eventually(t, 7, "1 hello")
		require.Eventually(t, func() bool { return r.channel.State() == stateOK }, 10*time.Second, time.Millisecond)
	})
}

func TestPressesThatAreTooOldNeverCome(t *testing.T) {
	r := start(t, false, nil)
	r.fake.Say(7, "one")
	r.eventually(t, 7, "1 one")
	r.stop()
	r.fake.Press(7, "好")
	r.fake.Say(7, "two")
	r.fake.Age(3 * time.Minute)
	_, _, _ = r.replica(t, "b", false, nil)
	r.eventually(t, 7, "1 one", "2 two")
}

func TestOddUpdatesHoldUpNobody(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, nil)
		r.fake.Message(7, map[string]any{"text": 5})
		r.fake.Message(7, map[string]any{"photo": "no list"})
		r.fake.Message(7, map[string]any{"chat": "no chat", "text": "x"})
		r.fake.Message(7, map[string]any{"pinned_message": map[string]any{"message_id": 1}})
		r.fake.Message(7, map[string]any{"text": "from a bot", "from": map[string]any{"id": 7, "is_bot": true}})
		r.fake.Message(7, map[string]any{"dice": map[string]any{"value": 6}})
		r.fake.Edit(7, 1, "edited")
		r.fake.Say(7, "hello")
		r.eventually(t, 7, "1 medium unknown", "2 medium unknown", "3 medium unknown", "4 hello")
	})
}

func TestServerThatHoldsNoQuestionIsNotAskedAllTheTime(t *testing.T) {
	r := start(t, false, nil)
	r.fake.Script(func(method string, _ map[string]string) *faketelegram.Failure {
		if method == "getUpdates" {
			return &faketelegram.Failure{Code: 200, Body: `{"ok":true,"result":[]}`}
		}
		return nil
	})
	r.fake.Say(7, "wakes the poll")
	time.Sleep(time.Second)
	before := r.fake.Calls("getUpdates")
	time.Sleep(time.Second)
	assert.LessOrEqual(t, r.fake.Calls("getUpdates")-before, 6)
	r.fake.Script(nil)
	r.eventually(t, 7, "1 wakes the poll")
}

func TestBackoffGrowsAndKeepsWhatTheServerAsks(t *testing.T) {
	var b backoff
	for range 20 {
		b.note(assert.AnError)
		assert.LessOrEqual(t, b.pause(), retryAway)
	}
	assert.GreaterOrEqual(t, b.pause(), retryAway/2)
}
