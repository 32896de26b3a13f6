package dialog

import (
	"slices"
	"strconv"
	"strings"

	"wenzhu/dialog/words"
)

// say adds a reply of a word key.
func (t *talk) say(key string, fill []string, buttons ...Button) {
	t.tell(words.Fill(key, fill...), buttons...)
}

// tell adds a reply with buttons. Choices take the place of the older ones; an aside without any, such as thanks for
// thanks or the answer to a question in between, leaves the question that was asked open, and its choices too.
func (t *talk) tell(text string, buttons ...Button) *Reply {
	if len(buttons) > 0 {
		var open []Button
		if t.keepsOpen(buttons) {
			open = t.stillAsked()
		} else {
			t.s.Round++
			buttons = t.number(buttons)
		}
		t.present(append(slices.Clone(buttons), open...))
	}
	t.replies = append(t.replies, Reply{Text: text, Buttons: buttons, Edit: t.e.Kind == Press && len(t.replies) == 0})
	return &t.replies[len(t.replies)-1]
}

// offeredMost is how many choices are kept to be typed.
const offeredMost = 10

// own says something that nobody asked for just now. It leaves the choices on the screen as they are: whoever is
// in the middle of something goes on with it.
func (t *talk) own(key string, buttons ...Button) { t.beside(words.Get(key), buttons...) }

// beside adds a reply beside the talk, whose buttons all name their own thing. They can be typed too, and
// are the first by number, for they stand last on the screen.
func (t *talk) beside(text string, buttons ...Button) *Reply {
	t.silence = ""
	before := slices.DeleteFunc(slices.Clone(t.s.Offered), func(old Button) bool { return labelled(old.Label, buttons) })
	t.s.Offered = append(slices.Clone(buttons), before[:min(len(before), offeredMost)]...)
	t.replies = append(t.replies, Reply{Text: text, Buttons: buttons, Own: t.e.Kind == Due})
	return &t.replies[len(t.replies)-1]
}

// keepsOpen says whether the question that was asked before stays open beside what is said with these buttons.
func (t *talk) keepsOpen(buttons []Button) bool {
	return !slices.ContainsFunc(buttons, isChoice) && (t.s.State == t.was || t.aside() && patient[t.was])
}

// patient are the states whose question waits while something else is answered: what can answer it is nothing else.
var patient = map[State]bool{Safety: true, Who: true, SentOn: true}

// aside says whether the person is at an answer or a verdict.
func (t *talk) aside() bool { return t.s.State == Answer || t.s.State == Verdict }

// earlierBytes is how much is kept of the buttons of the screens before, so that they can be named by typing.
const earlierBytes = 220

// present puts buttons on the screen. Those before them that name their own thing can be pressed as long as that exists,
// and so they can be typed as well, unless a newer one or a command has the same words.
func (t *talk) present(buttons []Button) {
	before := slices.Concat(t.s.Offered, t.s.Earlier)
	t.s.Offered, t.s.Earlier = buttons, nil
	room := earlierBytes
	for _, b := range before {
		_, known := command(b.Label)
		if known || yesOrNo(b.Label) || b.Data == "" || isRound(b.Data) || labelled(b.Label, buttons, t.s.Earlier) {
			continue
		}
		if room -= len(b.Label) + len(b.Data) + len(`{"l":"","d":""},`); room < 0 {
			break
		}
		t.s.Earlier = append(t.s.Earlier, b)
	}
}

// yesOrNo says whether a label means nothing without its question: 可以, 不用. Typed later it answers something else.
func yesOrNo(label string) bool {
	forms := slices.Concat(formsOf(Button{Data: "yes"}), formsOf(Button{Data: "no"}))
	return slices.Contains(forms, label) || slices.Contains(forms, "="+label)
}

// labelled says whether one of these buttons has a label already.
func labelled(label string, all ...[]Button) bool {
	return slices.ContainsFunc(slices.Concat(all...), func(b Button) bool { return b.Label == label })
}

// isRound says whether a button's data is a choice of some round.
func isRound(data string) bool {
	round, _, ok := strings.Cut(data, ".")
	return ok && strings.HasPrefix(round, "r")
}

func isChoice(b Button) bool { return strings.HasPrefix(b.Data, "@") }

// round is what the data of this round's choices begins with.
func (t *talk) round() string { return "r" + strconv.FormatInt(int64(t.s.Round), 36) + "." }

// asking says whether the newest screen is a question of its own, and nothing was said since.
func (t *talk) asking() bool {
	return len(t.s.Offered) > 0 && strings.HasPrefix(t.s.Offered[0].Data, t.round())
}

// stillAsked are the choices of the question that was asked last.
func (t *talk) stillAsked() []Button {
	var open []Button
	for _, b := range t.s.Offered {
		if strings.HasPrefix(b.Data, t.round()) {
			open = append(open, b)
		}
	}
	return open
}

// number gives the choices of this round its number. A button that names its own thing keeps its data.
func (t *talk) number(buttons []Button) []Button {
	var out []Button
	for _, b := range buttons {
		if isChoice(b) {
			b.Data = t.round() + b.Data[1:]
		}
		out = append(out, b)
	}
	return out
}

// choice is a button that answers the question of this round; named is one that works as long as its thing exists.
func choice(key, verb string) Button { return Button{Label: words.Get(key), Data: "@" + verb} }
func named(key, data string) Button  { return Button{Label: words.Get(key), Data: data} }

// back is the way back to the journey, or into it.
func (t *talk) back() Button {
	if t.s.Home == "" && !t.newcomer {
		return named("go.begin", "start")
	}
	return named("go.back", "go:back")
}

func home() Button { return named("go.home", "go:hub") }

// ask moves to a state and says its question.
func (t *talk) ask(to State, key string, fill []string, buttons ...Button) {
	t.s.State = to
	t.say(key, fill, buttons...)
}
