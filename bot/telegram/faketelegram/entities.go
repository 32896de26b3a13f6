package faketelegram

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

var knownTags = map[string]bool{
	"b": true, "strong": true, "i": true, "em": true, "u": true, "ins": true, "s": true, "strike": true, "del": true, "code": true,
	"pre": true, "a": true, "blockquote": true, "span": true, "tg-spoiler": true, "tg-emoji": true,
}

var (
	startTag = regexp.MustCompile(`^<([a-z-]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>`)
	endTag   = regexp.MustCompile(`^</([a-z-]*)\s*>`)
	entity   = regexp.MustCompile(`^&(?:(lt|gt|amp|quot)|#(?:([0-9]+)|x([0-9a-fA-F]+)));`)
)

// parseHTML takes the entities out of a text as strictly as the real server.
func parseHTML(raw string) (string, []Mark, *Failure) {
	type opened struct {
		tag   string
		start int
	}
	var (
		text  strings.Builder
		open  []opened
		marks []Mark
	)
	fail := func(at int, what string) (string, []Mark, *Failure) {
		return "", nil, bad(fmt.Sprintf("can't parse entities: %s at byte offset %d", what, at))
	}
	for i := 0; i < len(raw); {
		rest := raw[i:]
		if m := endTag.FindStringSubmatch(rest); m != nil {
			last := len(open) - 1
			if last < 0 || m[1] != "" && open[last].tag != m[1] {
				return fail(i, "unmatched end tag "+strconv.Quote(m[1]))
			}
			marks = append(marks, Mark{open[last].tag, text.String()[open[last].start:]})
			open = open[:last]
			i += len(m[0])
			continue
		}
		if rest[0] == '<' {
			m := startTag.FindStringSubmatch(rest)
			if m == nil || !knownTags[m[1]] {
				return fail(i, "unsupported start tag")
			}
			for _, o := range open {
				if o.tag == "pre" || o.tag == "code" && m[1] != "code" || o.tag == "blockquote" && m[1] == "blockquote" {
					return fail(i, "tag "+strconv.Quote(m[1])+" can't be nested here")
				}
			}
			open = append(open, opened{m[1], text.Len()})
			i += len(m[0])
			continue
		}
		if m := entity.FindStringSubmatch(rest); m != nil {
			text.WriteString(decode(m))
			i += len(m[0])
			continue
		}
		text.WriteByte(rest[0])
		i++
	}
	if len(open) > 0 {
		return fail(len(raw), "can't find end tag corresponding to start tag "+strconv.Quote(open[len(open)-1].tag))
	}
	return text.String(), marks, nil
}

func decode(m []string) string {
	switch {
	case m[1] != "":
		return map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`}[m[1]]
	case m[2] != "":
		n, _ := strconv.ParseInt(m[2], 10, 32)
		return string(rune(n))
	}
	n, _ := strconv.ParseInt(m[3], 16, 32)
	return string(rune(n))
}

// Button is one of an inline keyboard.
type Button struct {
	Text string  `json:"text"`
	Data *string `json:"callback_data,omitempty"`
	URL  *string `json:"url,omitempty"`
	Copy *struct {
		Text string `json:"text"`
	} `json:"copy_text,omitempty"`
}

const (
	dataMost    = 64 // bytes
	copyMost    = 256
	rowMost     = 8
	buttonsMost = 100
)

func readKeyboard(markup string) ([][]Button, *Failure) {
	if markup == "" || markup == "null" {
		return nil, nil
	}
	var k struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(markup), &k); err != nil {
		return nil, bad("can't parse reply keyboard markup JSON object")
	}
	all := 0
	for _, row := range k.Rows {
		if len(row) == 0 || len(row) > rowMost {
			return nil, bad("keyboard row is empty or too long")
		}
		for _, b := range row {
			if f := b.check(); f != nil {
				return nil, f
			}
		}
		all += len(row)
	}
	if all > buttonsMost {
		return nil, bad("reply markup is too long")
	}
	return k.Rows, nil
}

func (b Button) check() *Failure {
	kinds := 0
	if b.Data != nil {
		kinds++
		if len(*b.Data) < 1 || len(*b.Data) > dataMost {
			return bad("BUTTON_DATA_INVALID")
		}
	}
	if b.URL != nil {
		kinds++
		if u, err := url.Parse(*b.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return bad("inline keyboard button URL '" + *b.URL + "' is invalid")
		}
	}
	if b.Copy != nil {
		kinds++
		if n := len(utf16.Encode([]rune(b.Copy.Text))); n < 1 || n > copyMost {
			return bad("BUTTON_COPY_TEXT_INVALID")
		}
	}
	switch {
	case strings.TrimSpace(b.Text) == "":
		return bad("can't parse inline keyboard button: field \"text\" must be non-empty")
	case kinds != 1:
		return bad("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
	}
	return nil
}
