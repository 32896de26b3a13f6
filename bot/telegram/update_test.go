package telegram

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/dialog"
)

func translated(t *testing.T, fields string) dialog.Event {
	t.Helper()
	var m message
	require.NoError(t, json.Unmarshal([]byte(`{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},`+fields+`}`), &m))
	e := m.event(5, "wenzhu_bot")
	assert.Equal(t, "u5", e.ID)
	return e
}

func TestMediaHaveTheirNames(t *testing.T) {
	for fields, want := range map[string]dialog.Medium{
		`"voice":{"file_id":"x"}`: dialog.Voice, `"audio":{"file_id":"x"}`: dialog.Voice,
		`"sticker":{"file_id":"x"}`: dialog.Sticker, `"location":{"latitude":1.5}`: dialog.Location, `"venue":{},"location":{}`: dialog.Location,
		`"video":{"file_id":"x"}`: dialog.Video, `"video_note":{"file_id":"x"}`: dialog.Video,
		`"animation":{"file_id":"x"},"document":{"file_id":"x","mime_type":"video/mp4"}`: dialog.Video,
		`"contact":{"phone_number":"1"}`:                                                 dialog.Contact, `"photo":[{"file_id":"x"}]`: dialog.Photo,
		`"document":{"file_id":"x","mime_type":"image/jpeg"}`: dialog.Photo, `"document":{"file_id":"x","mime_type":"application/pdf"}`: dialog.File,
		`"document":{"file_id":"x","file_size":4000000000}`: dialog.File,
		`"dice":{"value":1}`: dialog.Unknown, `"poll":{}`: dialog.Unknown, `"text":""`: dialog.Unknown, `"text":"\u0000"`: dialog.Unknown,
	} {
		e := translated(t, fields)
		assert.Equal(t, dialog.Media, e.Kind, fields)
		assert.Equal(t, want, e.Medium, fields)
	}
}

func TestCaptionsAndAlbums(t *testing.T) {
	e := translated(t, `"photo":[{"file_id":"x"}],"caption":"这是什么","media_group_id":"9"`)
	assert.Equal(t, dialog.Event{ID: "u5", Kind: dialog.Media, Medium: dialog.Photo, Text: "这是什么", Album: "9"}, e)
	e = translated(t, `"photo":[{"file_id":"x"}],"caption":"您已被起诉","forward_origin":{"type":"channel","date":5,"chat":{"title":"某催收"}}`)
	assert.Equal(t, dialog.Event{ID: "u5", Kind: dialog.Text, Text: "您已被起诉", Forwarded: true, From: "某催收", SentAt: time.Unix(5, 0)}, e)
}

func TestHiddenAddressesOfForwardsAreSeen(t *testing.T) {
	link := `"text":"点此处理","entities":[{"type":"text_link","url":"http://icbc-jf.example/"},{"type":"bold"}]`
	assert.Equal(t, "点此处理\nhttp://icbc-jf.example/", translated(t, link+`,"forward_sender_name":"某","forward_date":1`).Text)
	assert.Equal(t, "点此处理", translated(t, link).Text)
}

func TestCommands(t *testing.T) {
	for text, want := range map[string]string{
		"/help@wenzhu_bot": "/help", "/help@Wenzhu_Bot x": "/help x", "/help@other": "/help@other", "/start": "/start", "/start group": "/start",
		"/START payload": "/START", "/start@wenzhu_bot ref_1": "/start", "/ask 半夜打电话": "/ask 半夜打电话", "不是/start x": "不是/start x", "/": "/",
	} {
		assert.Equal(t, want, command(text, "wenzhu_bot"), text)
	}
	assert.Equal(t, "/help", command("/help@wenzhu_bot", ""), "before the name is known")
	e := translated(t, `"text":"/start x","forward_sender_name":"某","forward_date":1`)
	assert.Equal(t, "/start x", e.Text, "somebody else's words are no command")
}

func TestForwardsAreReadFromOldAndNewServers(t *testing.T) {
	for name, m := range map[string]message{
		"new user":    {Origin: &origin{Type: "user", User: &person{FirstName: "某"}, Date: 5}, OldFrom: &person{FirstName: "别"}},
		"new hidden":  {Origin: &origin{Type: "hidden_user", HiddenName: "某", Date: 5}, OldName: "别"},
		"new chat":    {Origin: &origin{Type: "chat", SenderChat: &room{Title: "某"}, Date: 5}},
		"new channel": {Origin: &origin{Type: "channel", Chat: &room{Title: "某"}, Date: 5}, OldDate: 9},
		"old hidden":  {OldName: "某", OldDate: 5},
		"old user":    {OldFrom: &person{FirstName: "某"}, OldDate: 5},
		"old channel": {OldChat: &room{Title: "某"}, OldDate: 5},
	} {
		from, at, forwarded := m.forward()
		assert.True(t, forwarded, name)
		assert.Equal(t, "某", from, name)
		assert.EqualValues(t, 5, at.Unix(), name)
	}
	_, _, forwarded := (&message{Text: "x"}).forward()
	assert.False(t, forwarded)
	_, at, forwarded := (&message{Origin: &origin{}}).forward()
	assert.True(t, forwarded)
	assert.True(t, at.IsZero())
}

func TestSentIsUnknownWithoutADate(t *testing.T) {
	assert.True(t, (&message{}).sent().IsZero())
	assert.EqualValues(t, 5, (&message{Date: 5}).sent().Unix())
}
