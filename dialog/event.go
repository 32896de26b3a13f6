package dialog

import (
	"strings"
	"time"
)

// Kind says what sort of thing happened.
type Kind uint8

// The kinds of events. Text, Press, Media and Start come from the person; Due comes from the wake index.
const (
	Text  Kind = iota + 1 // words typed, pasted, forwarded or read from a picture
	Press                 // a button of the bot
	Media                 // something without words that can be read: voice, sticker, video, …
	Start                 // the chat was opened for the first time
	Due                   // the time that Session.Due named has come
)

// Medium names what a Media event carried.
type Medium string

// The media that have a defined answer.
const (
	Voice    Medium = "voice"
	Sticker  Medium = "sticker"
	Location Medium = "location"
	Video    Medium = "video"
	Contact  Medium = "contact"
	Photo    Medium = "photo" // a picture whose words could not be read
	File     Medium = "file"
	Unknown  Medium = "unknown"
)

// Event is one thing that happened to a conversation. It is complete: Step needs nothing else.
type Event struct {
	ID   string    // stable and unique per person; ids of things that the event makes derive from it
	At   time.Time // when the path took it up; the zone is the person's default, Asia/Shanghai
	Kind Kind
	Text string // cleaned by the channel; for Media the caption, if any
	Data string // of the pressed button, see Button.Data

	Forwarded   bool      // the words are somebody else's
	From        string    // who wrote a forwarded message, as the channel shows it; "" unknown
	SentAt      time.Time // when a forwarded message was written; zero unknown
	Album       string    // groups messages sent together; "" none
	FromPicture bool      // Text was read from a picture and may contain mistakes
	Medium      Medium

	Answered bool            // Emergency has already been sent for this event
	Visited  bool            // the channel cannot reach the person later: what is due is seen at their next visit
	Spread   time.Duration   // how far after the end of the quiet hours this person's turn comes
	Lists    map[List][]Item // what an earlier Outcome needs
}

// List names what lies beside the record and is read only when asked for.
type List string

// The lists of a person. Caps are the dialog's to keep, see the constants beside their entries.
const (
	Log       List = "log"       // harassment log, LogEntry
	Kept      List = "kept"      // messages kept as evidence, KeptMessage
	Judged    List = "judged"    // the last messages judged, KeptMessage
	Reminders List = "reminders" // Reminder
	Lines     List = "lines"     // the web conversation; the turn path's own
)

// AllLists has every list a person may have, in a fixed order.
var AllLists = []List{Log, Kept, Judged, Reminders, Lines}

// Only names the list that has just the entry with this id, so that a long list need not be read for one entry.
func (l List) Only(id string) List { return l + "#" + List(id) }

// Split takes apart what Only made; only is false for a whole list.
func (l List) Split() (list List, id string, only bool) {
	name, id, only := strings.Cut(string(l), "#")
	return List(name), id, only
}

// Item is one entry of a list. IDs sort by time of making.
type Item struct {
	ID    string
	Value []byte
}

// Change puts, replaces (same ID) or, with a nil Value, removes an entry of a list.
type Change struct {
	List  List
	ID    string
	Value []byte
}
