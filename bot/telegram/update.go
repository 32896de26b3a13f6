package telegram

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

// update is what the Bot API sends, as far as it is read here. The library's own types do not know forward_origin.
type update struct {
	ID       int       `json:"update_id"`
	Message  *message  `json:"message"`
	Callback *callback `json:"callback_query"`
	Member   *member   `json:"my_chat_member"`
}

type callback struct {
	ID      string   `json:"id"`
	From    person   `json:"from"`
	Message *message `json:"message"`
	Data    string   `json:"data"`
}

// member says what the bot has become in a chat: "kicked" where a person blocked it.
type member struct {
	Chat room `json:"chat"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

type person struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Username  string `json:"username"`
}

type room struct {
	ID    int64  `json:"id"`
	Type  string `json:"type"`
	Title string `json:"title"`
}

type message struct {
	ID              int      `json:"message_id"`
	Topic           int      `json:"message_thread_id"`
	Date            int64    `json:"date"`
	Chat            room     `json:"chat"`
	From            *person  `json:"from"`
	Text            string   `json:"text"`
	Entities        []entity `json:"entities"`
	Caption         string   `json:"caption"`
	CaptionEntities []entity `json:"caption_entities"`
	Album           string   `json:"media_group_id"`
	Origin          *origin  `json:"forward_origin"`
	OldFrom         *person  `json:"forward_from"`
	OldChat         *room    `json:"forward_from_chat"`
	OldName         string   `json:"forward_sender_name"`
	OldDate         int64    `json:"forward_date"`
	Reply           *message `json:"reply_to_message"`
	Photo           []file   `json:"photo"`
	Document        *file    `json:"document"`
	Voice           *file    `json:"voice"`
	Audio           *file    `json:"audio"`
	Video           *file    `json:"video"`
	Round           *file    `json:"video_note"`
	Moving          *file    `json:"animation"`
	Sticker         *file    `json:"sticker"`
	Location        *thing   `json:"location"`
	Contact         *thing   `json:"contact"`

	// What Telegram tells of the chat itself; nobody said anything.
	Pinned     *thing `json:"pinned_message"`
	AutoDelete *thing `json:"message_auto_delete_timer_changed"`
	Background *thing `json:"chat_background_set"`
	Allowed    *thing `json:"write_access_allowed"`
}

// thing is something that is only known to be there.
type thing struct{}

type file struct {
	ID   string `json:"file_id"`
	Type string `json:"mime_type"`
	Size int64  `json:"file_size"`
}

// entity is a part of a text with a meaning; here only links whose address does not stand in the text.
type entity struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// origin says where a forwarded message comes from. Type is user, hidden_user, chat or channel.
type origin struct {
	Type       string  `json:"type"`
	Date       int64   `json:"date"`
	User       *person `json:"sender_user"`
	HiddenName string  `json:"sender_user_name"`
	SenderChat *room   `json:"sender_chat"`
	Chat       *room   `json:"chat"`
}

func (p *person) name() string {
	if p == nil {
		return ""
	}
	return strings.TrimSpace(p.FirstName + " " + p.LastName)
}

func (r *room) name() string {
	if r == nil {
		return ""
	}
	return r.Title
}

// callbackMost is what a button can carry; what is longer is none of ours.
const callbackMost = 64

func (c *callback) data() string {
	if len(c.Data) > callbackMost {
		return ""
	}
	return chat.Clean(c.Data)
}

// sent is when the message was written; zero unknown.
func (m *message) sent() time.Time { return unix(m.Date) }

func unix(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// forward reads where a message comes from: forward_origin first, then the fields that older servers send.
func (m *message) forward() (from string, at time.Time, forwarded bool) {
	date := m.OldDate
	if o := m.Origin; o != nil {
		from = cmp.Or(o.User.name(), o.HiddenName, o.SenderChat.name(), o.Chat.name())
		date = o.Date
	}
	from = cmp.Or(from, m.OldFrom.name(), m.OldName, m.OldChat.name())
	if m.Origin == nil && date == 0 && from == "" {
		return "", time.Time{}, false
	}
	return chat.Clean(from), unix(date), true
}

// private says whether this is a talk with one person.
func (m *message) private() bool { return m.Chat.Type == "private" }

// service says whether Telegram itself speaks.
func (m *message) service() bool {
	return m.Pinned != nil || m.AutoDelete != nil || m.Background != nil || m.Allowed != nil
}

// picture is the id of a picture that can be read, "" where there is none.
func (m *message) picture() string {
	if n := len(m.Photo); n > 0 {
		return m.Photo[n-1].ID // the largest
	}
	if d := m.Document; d != nil && strings.HasPrefix(d.Type, "image/") && d.Size <= downloadMost {
		return d.ID
	}
	return ""
}

// medium is what a message without words carries.
func (m *message) medium() dialog.Medium {
	switch {
	case m.Voice != nil, m.Audio != nil:
		return dialog.Voice
	case m.Sticker != nil:
		return dialog.Sticker
	case m.Location != nil:
		return dialog.Location
	case m.Video != nil, m.Round != nil, m.Moving != nil: // an animation also has the field document
		return dialog.Video
	case m.Contact != nil:
		return dialog.Contact
	case len(m.Photo) > 0, m.Document != nil && strings.HasPrefix(m.Document.Type, "image/"):
		return dialog.Photo
	case m.Document != nil:
		return dialog.File
	}
	return dialog.Unknown
}

// event translates a message; a picture is still a picture. The caption of something forwarded is what is to be
// looked at; that of a person's own picture goes with the picture.
func (m *message) event(updateID int, username string) dialog.Event {
	e := dialog.Event{ID: eventID(updateID), Kind: dialog.Text, Album: m.Album}
	e.From, e.SentAt, e.Forwarded = m.forward()
	e.Text = chat.Clean(m.words())
	medium := m.medium()
	if e.Text == "" || m.Text == "" && !e.Forwarded && medium != dialog.Unknown {
		e.Kind, e.Medium = dialog.Media, medium
		return e
	}
	if !e.Forwarded {
		e.Text = command(e.Text, username)
	}
	return e
}

// words are the text or caption, and in something forwarded the addresses that hide behind its words.
func (m *message) words() string {
	text, entities := m.Text, m.Entities
	if text == "" {
		text, entities = m.Caption, m.CaptionEntities
	}
	if _, _, forwarded := m.forward(); !forwarded {
		return text
	}
	for _, e := range entities {
		if e.Type == "text_link" && !strings.Contains(text, e.URL) {
			text += "\n" + e.URL
		}
	}
	return text
}

// command takes the bot's name off a command, /help@wenzhu_bot, and off /start what a link put behind it: a link
// that somebody made decides nothing.
func command(text, username string) string {
	if !strings.HasPrefix(text, "/") {
		return text
	}
	first, rest, _ := strings.Cut(text, " ")
	name, at, named := strings.Cut(first, "@")
	if named && (username == "" || strings.EqualFold(at, username)) {
		first = name
	}
	if strings.EqualFold(first, "/start") {
		return first
	}
	return strings.TrimSpace(first + " " + rest)
}

// eventID is stable: the same update has the same one however often it comes.
func eventID(updateID int) string { return fmt.Sprintf("u%d", updateID) }
