package dialog

// Outcome is all that is to happen because of an event. The caller does it, whole or not at all.
type Outcome struct {
	Session Session
	Replies []Reply
	Changes []Change
	Erase   bool    // everything of the person is removed; Replies are the farewell
	Needs   []List  // not empty: load these, whole or Only one entry, into Event.Lists and step again; nothing else counts
	Silence Silence // why there is no reply
	Notes   []Note  // counts without a person: verdicts by label, answers by kind, questions for editors
}

// Silence names a reason for saying nothing. Every update gets a reply, a pending event or one of these.
type Silence string

// The named silences of the dialog; redelivery and flood are the path's.
const (
	DoubleTap    Silence = "double_tap"    // the second half of a double tap
	Gathering    Silence = "gathering"     // a pending event will answer
	NotDue       Silence = "not_due"       // a wake-up that found nothing to say
	NotAddressed Silence = "not_addressed" // group talk among others
)

// Note is something for operators or editors that belongs to nobody.
// Kinds: "verdict" (Value: label), "answer" (Value: kind, or good or bad where the person says so), "gap" (Value: masked question),
// "dispute" (Value: masked text with both labels), "relief" (Value: answer after 30 or 90 days),
// "reminder" (Value: sent, late, dropped; relief, nudge, ends for what is asked beside), "corrected"
// (Value: how many verdicts).
type Note struct{ Kind, Value string }

// Reply is one message to the person. Text is plain: its first line is the head, a line that starts
// with "> " is a quotation. Channels decide how that looks.
type Reply struct {
	ID      string   `json:"i,omitempty"` // stable: the event's ID and the reply's number
	Text    string   `json:"t,omitempty"`
	Copy    string   `json:"c,omitempty"` // a text that the person copies with one tap
	Buttons []Button `json:"b,omitempty"`
	File    string   `json:"f,omitempty"` // recipe of a file made at send time: "export", "list", or one that Calendar reads
	Edit    bool     `json:"e,omitempty"` // replaces the message whose button was pressed, where the channel can
	Own     bool     `json:"o,omitempty"` // the bot speaks on its own: quiet hours, the lower share of the rate
	Night   bool     `json:"n,omitempty"` // Own, and the person named and confirmed the night hour
	Crisis  bool     `json:"x,omitempty"` // danger to life: never merged, dropped or held back
}

// Button is a choice under a reply.
type Button struct {
	Label string `json:"l"`
	Data  string `json:"d,omitempty"` // at most 64 bytes, comes back in Event.Data
	Tel   string `json:"p,omitempty"` // a number to call, where the channel can place calls; else Data is pressed
	URL   string `json:"u,omitempty"` // an official address; never one that a person sent
}
