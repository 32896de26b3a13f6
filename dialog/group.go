package dialog

import (
	"strings"

	"wenzhu/dialog/words"
)

// Group answers in a group without a session: a verdict on a message that somebody replied to while naming the
// bot, numbers for danger that is addressed to it, else a word on where to talk. All other talk gets silence.
func (d *Dialog) Group(e Event, mentioned bool) Outcome {
	command := strings.HasPrefix(e.Text, "/")
	if !mentioned && !command {
		return Outcome{Silence: NotAddressed}
	}
	if _, danger := Emergency(e); danger && !e.Forwarded {
		return Outcome{Replies: []Reply{{Text: words.Get("group.danger"), Crisis: true}}}
	}
	if e.Forwarded && d.Judge != nil {
		all := d.Judge.Judge(Received{Text: e.Text, Sender: e.From})
		text := fill(all, several(all)).String() + "\n" + words.Get("group.private")
		return Outcome{Replies: []Reply{{Text: text}}, Notes: []Note{{"verdict", all[0].Label}}}
	}
	return Outcome{Replies: []Reply{{Text: words.Get("group.help")}}}
}
