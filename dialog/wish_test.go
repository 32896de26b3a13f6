package dialog

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"wenzhu/dialog/words"
)

// TestWishHidesNoDanger: danger is seen in every state though the same text also names a place.
func TestWishHidesNoDanger(t *testing.T) {
	for name, p := range places(bell{}) {
		for _, text := range []string{"我不想活了，回首页", "我想跳楼 不弄了 退出", "手滑了，我没事，可是我不想活了"} {
			q := *p
			out := q.do(Event{Kind: Text, Text: text})
			assert.Contains(t, out.Replies[0].Text, "12356", "%s: %s", name, text)
		}
	}
}

// TestUnclearAnswerStoresNothing: what is no name, no day and no consent leaves no fact behind.
func TestUnclearAnswerStoresNothing(t *testing.T) {
	for place, text := range map[string]string{
		"platform": "就是那个橙色的，经常弹广告的", "lender": "借了好几家，不知道选哪个", "sent_date": "还没发呢，邮局今天关门", "consent": "我怕我老婆看见", "who": "说不清，反正天天打", "when": "随便 你看着办",
	} {
		p := *places(bell{})[place]
		before := p.s
		out := p.do(Event{Kind: Text, Text: text})
		assert.Equal(t, before.Facts, out.Session.Facts, place)
		assert.Equal(t, before.Consent, out.Session.Consent, place)
		assert.Equal(t, before.Person, out.Session.Person, place)
		assert.Equal(t, before.Counts, out.Session.Counts, place)
		assert.NotEqual(t, words.Get("go.unclear"), out.Replies[0].Text, place)
		assert.Equal(t, before.State, out.Session.State, "the question stands in "+place)
	}
}
