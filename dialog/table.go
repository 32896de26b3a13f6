package dialog

// transition is one row: in this state (Any: in every state), this input does that.
type transition struct {
	from State
	verb string
	to   []State // where it may lead; for the picture and the tests
	do   func(t *talk, arg string)
}

// Any stands for every state.
const Any State = "*"

var transitions []transition

func init() { // a table cannot name functions that use it
	transitions = []transition{
		{Fresh, "start", []State{Safety}, func(t *talk, _ string) { t.greet() }},
		{Fresh, "text", []State{Safety}, func(t *talk, _ string) { t.greet() }},
		{Fresh, "unclear", []State{Safety}, func(t *talk, _ string) { t.greet() }},
		{Safety, "safe", []State{Who, Hub}, (*talk).safeAgain},
		{Who, "self", []State{InStep}, func(t *talk, _ string) { t.know(Borrower) }},
		{Who, "relative", []State{InStep}, func(t *talk, _ string) { t.know(Relative) }},
		{Who, "mistaken", []State{InStep}, func(t *talk, _ string) { t.know(Stranger) }},
		{InStep, "tick", []State{InStep}, (*talk).tick},
		{InStep, "done", []State{InStep, Hub}, func(t *talk, _ string) { t.finish(false) }},
		{InStep, "skip", []State{InStep, Hub}, func(t *talk, _ string) { t.finish(true) }},
		{Lender, "lender", []State{Lender, Platform, Old, Letter}, (*talk).setLender},
		{Lender, "text", []State{Lender}, (*talk).nameForLender},
		{Lender, "others", []State{Lender}, (*talk).askLender},
		{Platform, "text", []State{Old, Letter}, (*talk).setPlatform},
		{Platform, "skip", []State{Old, Letter}, func(t *talk, _ string) { t.setPlatform("") }},
		{Old, "old", []State{Letter}, (*talk).setOld},
		{Letter, "sent", []State{SentOn}, func(t *talk, _ string) { t.askSent() }},
		{Letter, "text", []State{SentOn, InStep}, (*talk).setSent},
		{Letter, "rewrite", []State{Lender}, func(t *talk, _ string) { t.rewrite() }},
		{SentOn, "sent", []State{SentOn, InStep}, (*talk).setSent},
		{SentOn, "text", []State{SentOn, InStep}, (*talk).setSent},
		{AskConsent, "yes", []State{InStep, Hub, LogHow, Lender, When}, func(t *talk, _ string) { t.consent(true) }},
		{AskConsent, "no", []State{InStep, Hub, Lender}, func(t *talk, _ string) { t.consent(false) }},
		{LogHow, "text", []State{LogHow}, (*talk).setNumber},
		{LogWho, "text", []State{LogHow}, (*talk).setNumber},
		{LogWho, "skip", []State{LogHow}, func(t *talk, _ string) { t.setNumber("") }},
		{LogWords, "text", []State{LogHow}, (*talk).setWords},
		{LogWords, "skip", []State{LogHow}, func(t *talk, _ string) { t.setWords("") }},
		{Which, "message", []State{Verdict}, func(t *talk, _ string) { t.judge(t.s.Text) }},
		{Which, "question", []State{Answer}, func(t *talk, _ string) { t.answer(t.s.Text) }},
		{When, "when", []State{When, NightOK, Hub}, (*talk).setWhen},
		{When, "text", []State{When, NightOK, Hub}, (*talk).setWhen},
		{When, "no", []State{Hub}, func(t *talk, _ string) { t.resume() }},
		{NightOK, "yes", []State{Hub}, func(t *talk, _ string) { t.confirmNight(true) }},
		{NightOK, "no", []State{Hub}, func(t *talk, _ string) { t.confirmNight(false) }},
		{Erasing, "yes", []State{Fresh}, func(t *talk, _ string) { t.eraseAll() }},
		{Erasing, "no", []State{Hub}, func(t *talk, _ string) { t.resume() }},
		{Ask, "text", []State{Answer}, func(t *talk, _ string) { t.answer(t.e.Text) }},
		{Check, "text", []State{Verdict, Reading}, func(t *talk, _ string) { t.judge(t.e.Text) }},

		{Any, "start", []State{InStep, Safety}, func(t *talk, _ string) { t.again() }},
		{Any, "go", []State{Hub, Ask, Check, Who}, (*talk).goTo},
		{Any, "step", []State{InStep}, (*talk).goStep},
		{Any, "mark", []State{InStep, AskConsent}, func(t *talk, arg string) { t.mark(arg, true) }},
		{Any, "unmark", []State{InStep}, func(t *talk, arg string) { t.mark(arg, false) }},
		{Any, "howto", []State{Hub}, (*talk).howto},
		{Any, "letter", []State{AskConsent, Lender, Platform, Old, Letter}, (*talk).letter},
		{Any, "sos", nil, func(t *talk, _ string) { t.danger([]Reply{emergencyReply("first")}) }},
		{Any, "low", nil, func(t *talk, _ string) { t.danger([]Reply{emergencyReply("low")}) }},
		{Any, "safe", []State{Who, InStep, Hub}, (*talk).safeAgain},
		{Any, "tomorrow", nil, func(t *talk, _ string) { t.tomorrow() }},
		{Any, "call", nil, func(t *talk, number string) { t.say("emergency.call", []string{"number", number}, t.back()) }},
		{Any, "log", []State{LogHow, AskConsent}, func(t *talk, _ string) { t.log() }},
		{Any, "how", []State{LogHow}, (*talk).setHow},
		{Any, "number", []State{LogWho}, func(t *talk, id string) { t.askAbout(id, LogWho, "log.number") }},
		{Any, "said", []State{LogWords}, func(t *talk, id string) { t.askAbout(id, LogWords, "log.words") }},
		{Any, "undo", []State{Hub}, (*talk).undoLog},
		{Any, "list", nil, func(t *talk, _ string) { t.listEvidence() }},
		{Any, "keep", []State{AskConsent}, (*talk).keep},
		{Any, "keepall", []State{AskConsent}, (*talk).keepAll},
		{Any, "judge", []State{Verdict}, (*talk).judgeKept},
		{Any, "fix", []State{Check}, (*talk).fix},
		{Any, "further", nil, (*talk).further},
		{Any, "sender", []State{Sender}, (*talk).askSender},
		{Sender, "sent_by", []State{Verdict}, (*talk).setSender},
		{Any, "wording", nil, (*talk).wording},
		{Any, "verify", nil, (*talk).howToVerify},
		{Any, "dispute", []State{Dispute}, (*talk).dispute},
		{Dispute, "held", []State{Hub}, (*talk).setHeld},
		{Any, "give", nil, (*talk).give},
		{Any, "hour", []State{Hour}, (*talk).firstHour},
		{Any, "message", []State{Verdict, Reading}, func(t *talk, _ string) { t.judge(t.e.Text) }},
		{Any, "question", []State{Answer}, func(t *talk, _ string) { t.answer(t.e.Text) }},
		{Any, "which", []State{Which}, func(t *talk, _ string) { t.askWhich() }},
		{Any, "more", nil, (*talk).more},
		{Any, "law", nil, (*talk).original},
		{Any, "topic", []State{Answer}, (*talk).topic},
		{Any, "ways", nil, (*talk).ways},
		{Any, "good", nil, (*talk).helped},
		{Any, "bad", nil, (*talk).useless},
		{StopAll, "yes", []State{Hub}, func(t *talk, _ string) { t.stopAll() }},
		{StopAll, "no", []State{Hub}, func(t *talk, _ string) { t.listReminders("") }},
		{AskZone, "text", []State{AskZone, Hub}, (*talk).setZone},

		{Any, "remind", []State{When, AskConsent}, (*talk).remind},
		{Any, "remindme", []State{When, NightOK, AskConsent}, (*talk).remindMe},
		{Any, "reminders", nil, (*talk).listReminders},
		{Any, "reminder", nil, (*talk).openReminder},
		{Any, "nth", []State{When, StopAll}, (*talk).nth},
		{Any, "change", []State{When}, (*talk).change},
		{Any, "stop", []State{StopAll}, (*talk).stopReminder},
		{Any, "look", []State{AskOutcome}, (*talk).look},
		{Any, "later", []State{When}, (*talk).later},
		{Any, "snooze", nil, (*talk).snooze},
		{Any, "outcome", []State{InStep}, (*talk).outcome},
		{Any, "ics", nil, (*talk).calendar},
		{Any, "allow", nil, (*talk).allow},
		{Any, "settings", nil, func(t *talk, _ string) { t.settings() }},
		{Any, "reopen", nil, func(t *talk, _ string) { t.reopen() }},
		{Any, "relief", nil, (*talk).relief},
		{Any, "zone", []State{AskZone}, (*talk).setZone},
		{Any, "delete", []State{Erasing}, func(t *talk, _ string) { t.askErase() }},
		{Any, "export", nil, func(t *talk, _ string) { t.export() }},
		{Any, "consent", []State{Hub}, (*talk).setConsent},
		{Any, "talk", nil, (*talk).smallTalk},
		{Any, "stale", nil, func(t *talk, _ string) { t.stale() }},
		{Any, "twice", nil, func(t *talk, _ string) { t.silence = DoubleTap }},
		{Any, "medium", nil, (*talk).medium},
		{Any, "unclear", nil, func(t *talk, _ string) { t.unclear() }},
		{Any, "text", nil, func(t *talk, _ string) { t.unclear() }},
	}
}

// find is the row for an input: the state's own first, then that of every state.
func find(from State, verb string) (transition, bool) {
	for _, state := range []State{from, Any} {
		for _, row := range transitions {
			if row.from == state && row.verb == verb {
				return row, true
			}
		}
	}
	return transition{}, false
}
