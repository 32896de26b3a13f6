package han_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"wenzhu/knowledge/han"
)

func TestHomophonesSoundAlike(t *testing.T) {
	assert.Equal(t, han.Sound('活'), han.Sound('火'))
	assert.Equal(t, han.Sound('死'), han.Sound('四'))
	assert.Equal(t, han.Sound('争'), han.Sound('怎'), "final ng and n are not told apart")
	assert.NotEqual(t, han.Sound('死'), han.Sound('活'))
	assert.Zero(t, han.Sound('a'))
}

func TestLettersAreReadAsPinyin(t *testing.T) {
	assert.Equal(t, []uint16{han.Sound('不'), han.Sound('想'), han.Sound('活'), han.Sound('了')}, han.Syllables("buxianghuole"))
	assert.Equal(t, []uint16{han.Sound('跳'), han.Sound('楼')}, han.Syllables("tiaolou"))
	assert.Nil(t, han.Syllables("app"))
	assert.Nil(t, han.Syllables(""))
}
