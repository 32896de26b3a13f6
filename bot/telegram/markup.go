package telegram

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
	"wenzhu/dialog/words"
)

const (
	copyMost  = 256 // UTF-16 units that a copy button can hold
	longLabel = 9   // runes; longer ones get a row of their own
)

// piece is the text of one message: marked up unless the message is plain.
type piece struct {
	text  string
	units int // as the server counts it: UTF-16 units after entities
}

// layout splits a reply into messages: the text at sentence ends, then what is to be copied, behind the text where
// there is room. A plain message has the choices as numbered lines, which can be typed.
func layout(m chat.Message) []piece {
	r := m.Reply
	if m.Plain {
		var pieces []piece
		for _, text := range split(plain(r)) {
			pieces = append(pieces, piece{text, units(text)})
		}
		return pieces
	}
	var pieces []piece
	for i, text := range split(r.Text) {
		pieces = append(pieces, piece{markup(text, i == 0), units(text)})
	}
	for i, text := range split(r.Copy) {
		block := piece{"<pre>" + html.EscapeString(text) + "</pre>", units(text)}
		if last := len(pieces) - 1; i == 0 && last >= 0 && pieces[last].units+2+block.units <= textMost {
			pieces[last] = piece{pieces[last].text + "\n\n" + block.text, pieces[last].units + 2 + block.units}
			continue
		}
		pieces = append(pieces, block)
	}
	return pieces
}

// plain is a reply without markup and keyboard.
func plain(r dialog.Reply) string {
	var parts []string
	for _, text := range []string{r.Text, r.Copy} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	var lines []string
	for i, b := range r.Buttons {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%d. %s %s", i+1, b.Label, b.URL)))
	}
	if len(lines) > 0 {
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(parts, "\n\n")
}

// split breaks a text into what one message can hold each; none for an empty one.
func split(text string) []string {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	if units(text) <= textMost {
		return []string{text}
	}
	for most := textMost; ; most = most * 3 / 4 { // characters outside the basic plane count twice
		pieces := slices.DeleteFunc(chat.Split(text, most), func(p string) bool { return p == "" })
		if !slices.ContainsFunc(pieces, func(p string) bool { return units(p) > textMost }) {
			return pieces
		}
	}
}

// units counts as Telegram does.
func units(text string) int {
	n := 0
	for _, c := range text {
		n++
		if c > 0xffff {
			n++
		}
	}
	return n
}

// markup makes the head bold where something follows it, and quotations quotations. Nothing of the text is markup itself.
func markup(text string, head bool) string {
	var b strings.Builder
	lines := strings.Split(text, "\n")
	bold, rest := chat.SplitHead(lines[0])
	head = head && strings.TrimSpace(bold) != "" && bold != text
	quoting := false
	for i, line := range lines {
		quote, isQuote := chat.CutQuote(line)
		if quoting && !isQuote {
			b.WriteString("</blockquote>")
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		if isQuote && !quoting {
			b.WriteString("<blockquote>")
		}
		quoting = isQuote
		switch {
		case isQuote:
			b.WriteString(html.EscapeString(quote))
		case head && i == 0:
			b.WriteString("<b>" + html.EscapeString(bold) + "</b>" + html.EscapeString(rest))
		default:
			b.WriteString(html.EscapeString(line))
		}
	}
	if quoting {
		b.WriteString("</blockquote>")
	}
	return b.String()
}

type key struct {
	Text string    `json:"text"`
	Data string    `json:"callback_data,omitempty"`
	URL  string    `json:"url,omitempty"`
	Copy *copyText `json:"copy_text,omitempty"`
}

type inline struct {
	Rows [][]key `json:"inline_keyboard"`
}

type copyText struct {
	Text string `json:"text"`
}

// keyboard puts the buttons two a row, long ones alone. Telegram can place no calls: such a button is pressed.
func keyboard(r dialog.Reply) string {
	var rows [][]key
	if r.Copy != "" && units(r.Copy) <= copyMost {
		rows = append(rows, []key{{Text: words.Get("telegram.copy"), Copy: &copyText{r.Copy}}})
	}
	full := true
	for _, b := range r.Buttons {
		k, ok := keyOf(b)
		if !ok {
			continue
		}
		long := utf8.RuneCountInString(b.Label) > longLabel
		if full || long {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], k)
		full = long || len(rows[len(rows)-1]) == 2
	}
	if len(rows) == 0 {
		return ""
	}
	markup, err := json.Marshal(inline{rows})
	if err != nil {
		return ""
	}
	return string(markup)
}

// keyOf is a button that the server takes; one that it would refuse must not cost the person the whole message.
func keyOf(b dialog.Button) (key, bool) {
	switch {
	case strings.TrimSpace(b.Label) == "":
		return key{}, false
	case b.URL != "":
		u, err := url.Parse(b.URL)
		return key{Text: b.Label, URL: b.URL}, err == nil && u.Scheme == "https" && u.Host != ""
	default:
		return key{Text: b.Label, Data: b.Data}, b.Data != "" && len(b.Data) <= callbackMost && utf8.ValidString(b.Data)
	}
}
