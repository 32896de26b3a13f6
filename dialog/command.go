package dialog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// command reads slash commands and the exact words of menu entries.
func command(text string) (input, bool) {
	if utf8.RuneCountInString(text) > choiceMost {
		return input{}, false
	}
	word := plain(text)
	if strings.HasPrefix(word, "/") {
		word, _, _ = strings.Cut(word, " ")
		word, _, _ = strings.Cut(word, "@")
	}
	core := kernel(text)
	if l := commandWords[0]; greets(l, word) {
		return parse(l.name), true
	}
	for _, l := range commandWords {
		if slices.Contains(l.forms, word) || slices.Contains(l.forms, core) {
			return parse(l.name), true
		}
	}
	if name, ok := bareCommands[bare(core)]; ok && bare(core) != core {
		return parse(name), true
	}
	return input{}, false
}

// bare is a command without the words for how much of it is meant: 取消所有的提醒 is 取消提醒.
func bare(text string) string { return without("read.filler", text) }

// bareCommands are the menu entries by their bare forms, the first of each.
var bareCommands = func() map[string]string {
	all := make(map[string]string)
	for _, l := range slices.Backward(commandWords) {
		for _, form := range l.forms {
			all[bare(form)] = l.name
		}
	}
	delete(all, "")
	return all
}()

// greets says whether a text is made of greetings only: 您好，在吗.
func greets(l wordList, text string) bool {
	if text == "" {
		return false
	}
	for text != "" {
		longest := ""
		for _, form := range l.forms {
			if len(form) > len(longest) && strings.HasPrefix(text, form) {
				longest = form
			}
		}
		if longest == "" {
			return false
		}
		text = strings.TrimLeftFunc(text[len(longest):], func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '/' })
	}
	return true
}
