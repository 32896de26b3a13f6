package quickyaml

import (
	"slices"
	"strings"
)

// node is a word, a list or a map.
type node struct {
	kind  kind
	word  string
	bare  bool   // a word without quotes: it may stand for a number or for nothing
	keys  []node // of a map, words
	items []node // of a list, or the values of a map
}

type kind uint8

const (
	word kind = iota
	list
	table
)

// line is one that says something.
type line struct {
	indent int
	text   string // without indent
	at     int    // where text begins in the file
}

// parser reads a file from top to bottom.
type parser struct {
	text string
	at   int // where the next line begins
	next line
	more bool
}

func parse(text string) (n node, err error) {
	if strings.ContainsFunc(text, odd) || strings.Contains(text, "\n---") || strings.Contains(text, "\n...") {
		return n, errBeyond
	}
	p := &parser{text: text}
	if p.advance(); !p.more || p.next.indent > 0 {
		return n, errBeyond
	}
	if n, err = p.block(0); err == nil && p.more {
		err = errBeyond
	}
	return n, err
}

// odd says whether a character is none of the usual ones: other ends of lines, signs that control, broken bytes.
func odd(c rune) bool {
	return c < ' ' && c != '\n' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || c == 0xfeff || c >= 0xfff0 && c <= 0xffff
}

// advance goes to the next line that says something.
func (p *parser) advance() {
	for p.more = false; p.at < len(p.text); {
		begin := p.at
		end := strings.IndexByte(p.text[begin:], '\n')
		if end < 0 {
			end = len(p.text)
		} else {
			end += begin
		}
		p.at = end + 1
		text := strings.TrimLeft(p.text[begin:end], " ")
		if text == "" || text[0] == '#' {
			continue
		}
		indent := end - begin - len(text)
		p.next, p.more = line{indent, strings.TrimRight(text, " "), begin + indent}, true
		return
	}
	p.at = len(p.text)
}

// block reads the lines with an indent.
func (p *parser) block(indent int) (node, error) {
	if isItem(p.next.text) {
		return p.list(indent)
	}
	return p.table(indent)
}

func isItem(text string) bool { return text == "-" || strings.HasPrefix(text, "- ") }

func (p *parser) list(indent int) (node, error) {
	n := node{kind: list}
	for p.more && p.next.indent == indent && isItem(p.next.text) {
		rest := strings.TrimLeft(p.next.text[1:], " ")
		var item node
		var err error
		if _, _, ok := keyOf(rest); ok { // a map that begins behind the dash
			inner := indent + len(p.next.text) - len(rest)
			p.next = line{inner, rest, p.next.at + inner - indent}
			item, err = p.table(inner)
		} else {
			item, err = p.value(rest, indent, false)
		}
		if err != nil {
			return n, err
		}
		n.items = append(n.items, item)
	}
	if p.more && p.next.indent > indent {
		return n, errBeyond
	}
	return n, nil
}

func (p *parser) table(indent int) (node, error) {
	n := node{kind: table}
	for p.more && p.next.indent == indent && !isItem(p.next.text) {
		key, rest, ok := keyOf(p.next.text)
		if !ok || slices.ContainsFunc(n.keys, func(k node) bool { return k.word == key.word }) {
			return n, errBeyond
		}
		item, err := p.value(rest, indent, true)
		if err != nil {
			return n, err
		}
		n.keys, n.items = append(n.keys, key), append(n.items, item)
	}
	if p.more && p.next.indent > indent {
		return n, errBeyond
	}
	return n, nil
}

// keyMost is how many bytes a key has at most: the library has a limit, too.
const keyMost = 200

// keyOf is the key that a line begins with, and what follows it.
func keyOf(text string) (key node, rest string, ok bool) {
	if text == "" {
		return key, "", false
	}
	if text[0] == '"' || text[0] == '\'' {
		key, rest, err := quoted(text)
		if err != nil || len(key.word) > keyMost || !strings.HasPrefix(rest, ":") || len(rest) > 1 && rest[1] != ' ' {
			return key, "", false
		}
		return key, strings.TrimLeft(rest[1:], " "), true
	}
	at := strings.IndexByte(text, ':')
	if at <= 0 || at > keyMost || at+1 < len(text) && text[at+1] != ' ' || !isBare(text[:at]) || text[at-1] == ' ' ||
		strings.Contains(text[:at], " #") {
		return key, "", false
	}
	return node{word: text[:at], bare: true}, strings.TrimLeft(text[at+1:], " "), true
}

// value reads what stands behind a key or a dash, on the line or below it, and goes to the line after.
func (p *parser) value(rest string, indent int, key bool) (n node, err error) {
	switch {
	case rest == "" || rest[0] == '#':
		return p.below(indent, key)
	case rest == "|" || rest == "|-":
		return p.bar(rest == "|", indent)
	case rest[0] == '[' || rest[0] == '{':
		f := flow{text: p.text, at: p.next.at + len(p.next.text) - len(rest)}
		if n, err = f.value(); err != nil || !f.ends() {
			return n, errBeyond
		}
		p.at = f.at
	case rest[0] == '"' || rest[0] == '\'':
		if n, rest, err = quoted(rest); err != nil || rest != "" && !strings.HasPrefix(rest, " #") {
			return n, errBeyond
		}
	default:
		if at := strings.Index(rest, " #"); at >= 0 {
			rest = strings.TrimRight(rest[:at], " ")
		}
		if !isBare(rest) || strings.Contains(rest, ": ") || strings.HasSuffix(rest, ":") {
			return n, errBeyond
		}
		n = node{word: rest, bare: true}
	}
	if p.advance(); p.more && p.next.indent > indent {
		return n, errBeyond // a word that goes on
	}
	return n, nil
}

// below reads what stands on the lines below a key or a dash.
func (p *parser) below(indent int, key bool) (n node, err error) {
	p.advance()
	switch {
	case key && p.more && p.next.indent == indent && isItem(p.next.text): // a list may begin below its key
		return p.list(indent)
	case !p.more || p.next.indent <= indent: // nothing
		return n, errBeyond
	case p.next.text[0] == '[' || p.next.text[0] == '{':
		return p.value(p.next.text, indent, false)
	}
	return p.block(p.next.indent)
}

// bar reads the text below a bar.
func (p *parser) bar(ends bool, indent int) (n node, err error) {
	var b strings.Builder
	inner, blank := 0, 0
	for ; p.at < len(p.text); p.at++ {
		end := strings.IndexByte(p.text[p.at:], '\n')
		if end < 0 {
			return n, errBeyond // the file ends without an end of line
		}
		text := p.text[p.at : p.at+end]
		if spaces := len(text) - len(strings.TrimLeft(text, " ")); spaces == len(text) {
			if spaces > 0 {
				return n, errBeyond
			}
			blank++
			p.at += end
			continue
		} else if inner == 0 {
			inner = spaces
			if inner <= indent || blank > 0 {
				return n, errBeyond
			}
		} else if spaces < inner {
			if spaces > indent {
				return n, errBeyond
			}
			break
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		for ; blank > 0; blank-- {
			b.WriteByte('\n')
		}
		b.WriteString(text[inner:])
		p.at += end
	}
	if inner == 0 {
		return n, errBeyond
	}
	if ends {
		b.WriteByte('\n')
	}
	p.advance()
	return node{word: b.String()}, nil
}

// quoted reads a word in quotes that has nothing to undo in it.
func quoted(text string) (n node, rest string, err error) {
	end := strings.IndexByte(text[1:], text[0]) + 1
	if end == 0 {
		return n, "", errBeyond
	}
	n.word, rest = text[1:end], text[end+1:]
	if strings.ContainsAny(n.word, "\\\n") || rest != "" && rest[0] == '\'' {
		return n, "", errBeyond
	}
	return n, rest, nil
}

// isBare says whether a word without quotes is nothing else than a word.
func isBare(text string) bool {
	switch text {
	case "", "~", "-", "?", ":", "null", "Null", "NULL", "<<":
		return false
	}
	if strings.ContainsRune("-?:", rune(text[0])) && (len(text) == 1 || text[1] == ' ') {
		return false
	}
	if strings.IndexByte(",[]{}#&*!|>'\"%@`=", text[0]) >= 0 {
		return false
	}
	return true
}

// flow reads what stands in brackets.
type flow struct {
	text string
	at   int
}

// skip goes over blanks, ends of lines and comments.
func (f *flow) skip() {
	for ; f.at < len(f.text); f.at++ {
		switch c := f.text[f.at]; {
		case c == '#' && (f.text[f.at-1] == ' ' || f.text[f.at-1] == '\n'):
			end := strings.IndexByte(f.text[f.at:], '\n')
			if end < 0 {
				f.at = len(f.text)
				return
			}
			f.at += end
		case c != ' ' && c != '\n':
			return
		}
	}
}

func (f *flow) took(c byte) bool {
	if f.skip(); f.at < len(f.text) && f.text[f.at] == c {
		f.at++
		return true
	}
	return false
}

// ends says whether nothing but a comment follows on the line, and goes to the next.
func (f *flow) ends() bool {
	rest, _, _ := strings.Cut(f.text[f.at:], "\n")
	if bare := strings.TrimLeft(rest, " "); bare != "" && (bare[0] != '#' || bare == rest) {
		return false
	}
	f.at += len(rest) + 1
	f.at = min(f.at, len(f.text))
	return true
}

func (f *flow) value() (n node, err error) {
	switch {
	case f.took('['):
		n.kind = list
		for !f.took(']') {
			item, err := f.value()
			if err != nil {
				return n, err
			}
			n.items = append(n.items, item)
			if !f.took(',') && !f.peek(']') {
				return n, errBeyond
			}
		}
		return n, nil
	case f.took('{'):
		n.kind = table
		for !f.took('}') {
			key, err := f.word()
			if err != nil || len(key.word) > keyMost || f.at+1 >= len(f.text) || f.text[f.at] != ':' || f.text[f.at+1] != ' ' ||
				slices.ContainsFunc(n.keys, func(k node) bool { return k.word == key.word }) {
				return n, errBeyond
			}
			f.at++
			item, err := f.value()
			if err != nil {
				return n, err
			}
			n.keys, n.items = append(n.keys, key), append(n.items, item)
			if !f.took(',') && !f.peek('}') {
				return n, errBeyond
			}
		}
		return n, nil
	}
	if n, err = f.word(); err == nil && !f.peek(',') && !f.peek(']') && !f.peek('}') {
		err = errBeyond
	}
	return n, err
}

func (f *flow) peek(c byte) bool {
	f.skip()
	return f.at < len(f.text) && f.text[f.at] == c
}

// word reads a word within one line.
func (f *flow) word() (n node, err error) {
	if f.skip(); f.at == len(f.text) {
		return n, errBeyond
	}
	rest := f.text[f.at:]
	if rest[0] == '"' || rest[0] == '\'' {
		n, after, err := quoted(rest)
		f.at += len(rest) - len(after)
		return n, err
	}
	end := strings.IndexAny(rest, ",[]{}#\n")
	if end < 0 {
		return n, errBeyond
	}
	if colon := strings.IndexByte(rest[:end], ':'); colon >= 0 { // a key
		if rest[colon+1] != ' ' {
			return n, errBeyond
		}
		end = colon
	} else if strings.IndexByte("[{#", rest[end]) >= 0 {
		return n, errBeyond
	}
	text := strings.TrimRight(rest[:end], " ")
	if !isBare(text) || rest[end] == ':' && end != len(text) {
		return n, errBeyond
	}
	f.at += end
	return node{word: text, bare: true}, nil
}
