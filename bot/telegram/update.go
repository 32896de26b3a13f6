package telegram

import (
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
}

type callback struct {
	ID      string   `json:"id"`
	From    person   `json:"from"`
	Message *message `json:"message"`
	Data    string   `json:"data"`
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
	ID       int       `json:"message_id"`
	Date     int64     `json:"date"`
	Chat     room      `json:"chat"`
	From     *person   `json:"from"`
	Text     string    `json:"text"`
	Caption  string    `json:"caption"`
	Album    string    `json:"media_group_id"`
	Origin   *origin   `json:"forward_origin"`
	OldFrom  *person   `json:"forward_from"`
	OldChat  *room     `json:"forward_from_chat"`
	OldName  string    `json:"forward_sender_name"`
	OldDate  int64     `json:"forward_date"`
	Reply    *message  `json:"reply_to_message"`
	Photo    []file    `json:"photo"`
	Document *file     `json:"document"`
	Voice    *file     `json:"voice"`
	Audio    *file     `json:"audio"`
	Video    *file     `json:"video"`
	Round    *file     `json:"video_note"`
	Moving   *file     `json:"animation"`
	Sticker  *file     `json:"sticker"`
	Location *struct{} `json:"location"`
	Contact  *struct{} `json:"contact"`
}

type file struct {
	ID   string `json:"file_id"`
	Type string `json:"mime_type"`
	Size int    `json:"file_size"`
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

// forward reads where a message comes from: forward_origin first, then the fields that older servers send.
func (m *message) forward() (from string, at time.Time, forwarded bool) {
	date := m.OldDate
	if o := m.Origin; o != nil {
		from = firstOf(o.User.name(), o.HiddenName, o.SenderChat.name(), o.Chat.name())
		date = o.Date
	}
	from = firstOf(from, m.OldFrom.name(), m.OldName, m.OldChat.name())
	if m.Origin == nil && date == 0 && from == "" {
		return "", time.Time{}, false
	}
	if date > 0 {
		at = time.Unix(date, 0)
	}
	return chat.Clean(from), at, true
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// private says whether this is a talk with one person.
func (m *message) private() bool { return m.Chat.Type == "private" }

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
	case m.Video != nil, m.Round != nil, m.Moving != nil:
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

// event translates a message; a picture is still a picture.
func (m *message) event(updateID int, username string) dialog.Event {
	e := dialog.Event{ID: eventID(updateID), Kind: dialog.Text, Album: m.Album}
	e.From, e.SentAt, e.Forwarded = m.forward()
	e.Text = chat.Clean(firstOf(m.Text, m.Caption))
	if m.Text == "" && m.medium() != dialog.Unknown {
		e.Kind, e.Medium = dialog.Media, m.medium()
		return e
	}
	if e.Text == "" {
		e.Kind, e.Medium = dialog.Media, dialog.Unknown
		return e
	}
	if !e.Forwarded {
		e.Text = command(e.Text, username)
	}
	return e
}

// command takes the bot's name off a command: /help@wenzhu_bot.
func command(text, username string) string {
	if !strings.HasPrefix(text, "/") {
		return text
	}
	first, rest, _ := strings.Cut(text, " ")
	name, at, named := strings.Cut(first, "@")
	if named && strings.EqualFold(at, username) {
		return strings.TrimSpace(name + " " + rest)
	}
	return text
}

// eventID is stable: the same update has the same one however often it comes.
func eventID(updateID int) string { return fmt.Sprintf("u%d", updateID) }
