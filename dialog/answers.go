package dialog

import (
	"wenzhu/dialog/words"
	"wenzhu/knowledge"
)

// answer answers a question from the knowledge, or says honestly that it cannot.
func (t *talk) answer(question string) {
	t.arriveAfter()
	if t.Answers == nil {
		t.unclear()
		return
	}
	q := knowledge.Question{
		Text: question, Before: t.s.Asked, Topic: t.s.Topic, Step: stepKeys[t.s.Step], Lender: t.s.Facts["lender"],
	}
	a := t.Answers.Ask(q)
	t.notes = append(t.notes, Note{"answer", string(a.Kind)})
	t.s.Asked = cut(question, factRunes)
	t.s.State = Answer
	switch {
	case len(a.Parts) == 0:
		if t.s.Consent == Granted {
			t.notes = append(t.notes, Note{"gap", mask(question)})
		}
		t.say("answer.none", nil, named("hub.check", "go:check"), t.back(), home())
	case a.Unsure && len(a.Close) > 0:
		buttons := []Button{topicButton(a.Parts[0])}
		for _, s := range a.Close[:min(2, len(a.Close))] {
			buttons = append(buttons, topicButton(s))
		}
		t.say("answer.which", nil, append(buttons, t.back(), home())...)
	default:
		t.tellAnswer(a)
	}
}

func topicButton(s *knowledge.Snippet) Button {
	return Button{Label: cut(s.Title, 24), Data: "topic:" + s.ID}
}

// topics are buttons for the snippets with these ids, as far as they exist.
func (t *talk) topics(ids ...string) []Button {
	var buttons []Button
	for _, id := range ids {
		if t.Answers == nil {
			break
		}
		if s, ok := t.Answers.Snippet(id); ok {
			buttons = append(buttons, topicButton(s))
		}
	}
	return buttons
}

// tellAnswer says each part of an answer in a message of its own, with its sources; the last has the ways on.
func (t *talk) tellAnswer(a knowledge.Answer) {
	t.s.Topic = a.Parts[0].ID
	last := len(a.Parts) - 1
	for i := range last {
		t.replies = append(t.replies, Reply{Text: t.part(a, i)})
	}
	near := a.Parts[last].Related
	if last > 0 {
		near = []string{a.Parts[0].ID}
	}
	t.tell(t.part(a, last), t.answerButtons(a.Parts[last], near)...)
}

// part is what one part of an answer says.
func (t *talk) part(a knowledge.Answer, i int) string {
	s := a.Parts[i]
	text := t.Answers.Text(knowledge.Answer{Parts: a.Parts[i : i+1], Danger: a.Danger && i == 0})
	if s.Kind == knowledge.Answered {
		text += "\n\n" + t.Answers.Sources(s)
	}
	return text
}

// answerButtons are the ways on from an answer: what can be done about it here, the longer part or else the source,
// what is near, and the rest.
func (t *talk) answerButtons(s *knowledge.Snippet, near []string) []Button {
	var buttons []Button
	if a, ok := act(s); ok {
		buttons = append(buttons, a)
	}
	if s.Detail != "" {
		buttons = append(buttons, named("answer.more", "more:"+s.ID))
	} else {
		buttons = append(buttons, named("answer.law", "law:"+s.ID))
	}
	buttons = append(buttons, t.topics(near[:min(1, len(near))]...)...)
	if buttons = append(buttons, named("answer.ways", "ways:"+s.ID)); len(buttons) < 4 {
		buttons = append(buttons, t.back())
	}
	return append(buttons, home())
}

// act is what a person can do about a snippet here: by its theme, or else by its step.
func act(s *knowledge.Snippet) (Button, bool) {
	if s.Kind != knowledge.Answered {
		return Button{}, false
	}
	for _, of := range []string{s.Theme, s.Step} {
		if data, ok := words.Find("answer_act." + of); ok {
			return named("answer_do."+of, data), true
		}
	}
	return Button{}, false
}

// ways are the ways on from an answer for which its own screen has no room.
func (t *talk) ways(id string) {
	if s, ok := t.snippet(id); ok {
		buttons := t.topics(s.Related[min(1, len(s.Related)):min(2, len(s.Related))]...)
		buttons = append(buttons, named("answer.good", "good:"+id), named("answer.bad", "bad:"+id), again(id), home())
		t.say("answer.further", nil, buttons...)
	}
}

// again leads back to an answer.
func again(id string) Button { return named("answer.again", "topic:"+id) }

// topic answers with a snippet that the person chose.
func (t *talk) topic(id string) {
	if s, ok := t.snippet(id); ok {
		t.s.State = Answer
		t.tellAnswer(knowledge.Answer{Kind: s.Kind, Parts: []*knowledge.Snippet{s}})
	}
}

func (t *talk) snippet(id string) (*knowledge.Snippet, bool) {
	if t.Answers != nil {
		if s, ok := t.Answers.Snippet(id); ok {
			return s, true
		}
	}
	t.say("answer.gone", nil, t.back(), home())
	return nil, false
}

func (t *talk) more(id string) {
	if s, ok := t.snippet(id); ok {
		t.tell(s.Detail, named("answer.law", "law:"+id), again(id), t.back(), home())
	}
}

func (t *talk) original(id string) {
	if s, ok := t.snippet(id); ok {
		t.tell(cut(t.Answers.Original(s), 3000), again(id), t.back(), home())
	}
}

// helped thanks, and counts.
func (t *talk) helped(string) {
	t.notes = append(t.notes, Note{"rating", "good"})
	t.say("answer.glad", nil, named("hub.ask", "go:ask"), t.back(), home())
}

// useless thanks, counts, and notes the question for the editors, where the person allows it.
func (t *talk) useless(id string) {
	t.notes = append(t.notes, Note{"rating", "bad"})
	key := "answer.rated_only"
	if t.s.Consent == Granted && t.s.Asked != "" {
		t.notes = append(t.notes, Note{"gap", mask(t.s.Asked) + " → " + cut(id, 40)})
		key = "answer.rated"
	}
	t.say(key, nil, named("hub.ask", "go:ask"), t.back(), home())
}
