package dialog

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestGroupsHearOnlyWhatIsAddressedToTheBot(t *testing.T) {
	d := testDialog()
	assert.Equal(t, NotAddressed, d.Group(Event{Kind: Text, Text: "我不想活了"}, false).Silence)
	assert.Contains(t, d.Group(Event{Kind: Text, Text: "我不想活了"}, true).Replies[0].Text, "12356")
	assert.Contains(t, d.Group(Event{Kind: Text, Text: "请转账", Forwarded: true}, true).Replies[0].Text, "很可能是诈骗")
	assert.Contains(t, d.Group(Event{Kind: Text, Text: "你好"}, true).Replies[0].Text, "私聊")
}

func TestMaskTakesOutWhatNamesSomebody(t *testing.T) {
	got := mask("我叫张三丰，电话13812345678，身份证110101199003077777，卡6222 0200 1234 5678 901，住幸福路88号3栋，看http://a.top/x，李先生说的")
	for _, secret := range []string{"张三丰", "13812345678", "110101", "6222", "幸福路88", "a.top", "李先生"} {
		assert.NotContains(t, got, secret)
	}
}
