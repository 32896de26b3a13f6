package verdict

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Link is a web address in a text, written openly or in disguise. It is never opened.
type Link struct {
	Start, End int    // bytes of the original
	Host       string // lower case, without www.
	Path       bool   // something follows the host
}

// hosts is rules/hosts.yaml.
type hosts struct {
	Endings, Cheap, Short, Official, Imitated []string

	endings, cheap, short, official map[string]bool
}

func readHosts(content []byte) (*hosts, error) {
	h := new(hosts)
	if err := yaml.Unmarshal(content, h); err != nil {
		return nil, fmt.Errorf("rules/hosts.yaml: %w", err)
	}
	set := func(list []string) map[string]bool {
		m := make(map[string]bool, len(list))
		for _, w := range list {
			m[w] = true
		}
		return m
	}
	h.endings, h.cheap, h.short, h.official = set(h.Endings), set(h.Cheap), set(h.Short), set(h.Official)
	return h, nil
}

// longestHost is how long a host may be; longer runs of letters are none.
const longestHost = 120

// find finds addresses in folded text.
func (h *hosts) find(folded []glyph) []Link {
	var links []Link
	for i := 0; i < len(folded); {
		if !hostChar(folded[i].char) {
			i++
			continue
		}
		end, text := addressAt(folded, i)
		if l, ok := h.parse(text); ok {
			l.Start, l.End = int(folded[i].start), int(folded[end-1].end)
			links = append(links, l)
		}
		i = end
	}
	return links
}

func hostChar(c rune) bool { return latin(c) || digit(c) }

// dots are the ways to write a dot inside an address: longest first.
var dots = [][]rune{[]rune("[dot]"), []rune("(dot)"), []rune("[.]"), []rune("(.)"), []rune("[点]"), []rune("(点)"), []rune("【.】"), []rune("【点】"), []rune("。"), []rune("｡"), []rune("点"), []rune("丶"), []rune("·"), []rune(" . "), []rune(".")}

// addressAt reads a run of the characters of an address, with dots in disguise undone.
func addressAt(folded []glyph, at int) (end int, text string) {
	var b strings.Builder
	for end = at; end < len(folded); {
		c := folded[end].char
		if c < 0x80 && c != '.' && (hostChar(c) || strings.ContainsRune("-_:/?#=&%~@+", c)) {
			b.WriteRune(c)
			end++
			continue
		}
		n := dotAt(folded[end:])
		if n == 0 || end+n >= len(folded) || !hostChar(folded[end+n].char) {
			break
		}
		b.WriteByte('.')
		end += n
	}
	return end, b.String()
}

func dotAt(rest []glyph) int {
	for _, d := range dots {
		if len(rest) < len(d) {
			continue
		}
		same := true
		for i, c := range d {
			if rest[i].char != c {
				same = false
				break
			}
		}
		if same {
			return len(d)
		}
	}
	return 0
}

// schemes begin an address openly, or defanged.
var schemes = []string{"https://", "http://", "hxxps://", "hxxp://", "https:/", "http:/", "https:", "http:"}

// parse says whether a run of characters is an address.
func (h *hosts) parse(text string) (Link, bool) {
	rest, open := text, false
	for _, s := range schemes {
		if after, ok := strings.CutPrefix(text, s); ok {
			rest, open = after, true
			break
		}
	}
	host := rest
	path := strings.IndexAny(rest, "/?#:=&%")
	if path >= 0 {
		host = rest[:path]
	}
	host = strings.TrimRight(strings.TrimPrefix(host, "www."), ".-_")
	if len(host) > longestHost || strings.Contains(host, "@") || !strings.Contains(host, ".") {
		return Link{}, false
	}
	labels := strings.Split(host, ".")
	known := h.endings[labels[len(labels)-1]] && strings.ContainsFunc(host[:len(host)-len(labels[len(labels)-1])], hostChar)
	if !open && !known && (!ipAddress(labels) || path < 0) {
		return Link{}, false
	}
	return Link{Host: host, Path: path >= 0 && path < len(rest)-1}, true
}

func ipAddress(labels []string) bool {
	if len(labels) != 4 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 3 || strings.ContainsFunc(l, func(c rune) bool { return !digit(c) }) {
			return false
		}
	}
	return true
}

// mostLinks is how many addresses of a text are looked at closely.
const mostLinks = 20

// signs are the names of the signals that an address raises.
func (h *hosts) signs(l Link) []string {
	labels := strings.Split(l.Host, ".")
	switch {
	case ipAddress(labels):
		return []string{"link", "link-ip"}
	case h.short[l.Host]:
		return []string{"link", "link-short"}
	case h.ends(labels):
		return []string{"link", "link-official"}
	}
	all := []string{"link"}
	if h.cheap[labels[len(labels)-1]] {
		all = append(all, "link-cheap")
	}
	if h.imitates(labels) {
		all = append(all, "link-lookalike")
	}
	return all
}

// ends says whether a host ends in an official one.
func (h *hosts) ends(labels []string) bool {
	for n := 2; n <= 4 && n <= len(labels); n++ {
		if h.official[strings.Join(labels[len(labels)-n:], ".")] {
			return true
		}
	}
	return false
}

// imitates says whether a part of a host is an imitated name, or one letter away from one.
func (h *hosts) imitates(labels []string) bool {
	for _, label := range labels {
		if strings.HasPrefix(label, "xn--") {
			return true
		}
	}
	for _, label := range labels[:len(labels)-1] {
		for part := range strings.SplitSeq(label, "-") {
			if slices.ContainsFunc(h.Imitated, func(name string) bool { return near(part, name) || near(alike.Replace(part), alike.Replace(name)) }) {
				return true
			}
		}
	}
	return false
}

// shortName is how long a name has to be for a letter more or less to be an imitation.
const shortName = 5

// alike folds letters that are taken for one another.
var alike = strings.NewReplacer("1", "i", "l", "i", "0", "o", "rn", "m", "vv", "w")

// near says whether a part of a host is a name, begins or ends with it, or is one letter away.
func near(part, name string) bool {
	if part == name || len(name) >= shortName && (strings.HasPrefix(part, name) || strings.HasSuffix(part, name)) {
		return true
	}
	if len(name) < shortName || len(part) < len(name)-1 || len(part) > len(name)+1 {
		return false
	}
	i := 0
	for i < len(part) && i < len(name) && part[i] == name[i] {
		i++
	}
	a, b := part[i:], name[i:]
	switch len(a) - len(b) {
	case 0:
		return len(a) > 0 && (a[1:] == b[1:] || len(a) > 1 && a[0] == b[1] && a[1] == b[0] && a[2:] == b[2:])
	case 1:
		return a[1:] == b
	}
	return a == b[1:]
}
