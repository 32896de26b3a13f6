// Package crisis recognises danger to life or limb before anything else is looked at.
package crisis

import (
	_ "embed"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/width"
)

// Danger names what was recognised.
type Danger string

// The dangers. Safe is none.
const (
	Safe     Danger = ""
	Suicide  Danger = "suicide"  // the writer's own, or somebody's close to them, now
	Violence Danger = "violence" // at the door, confinement, blows: now
	Minor    Danger = "minor"    // a child in such danger
)

//go:embed rules.yaml
var rulesText []byte

// rules are the patterns of rules.yaml, compiled. Go's expressions take linear time whatever the text.
type rules struct {
	disguises      *strings.Replacer
	needed         string // a clause without any of these characters matches nothing
	neededRelative string

	suicide, relative, violence, minor, minorDanger, idioms, negated, third, reporter, threat *regexp.Regexp
}

var known = mustLoad(rulesText)

func mustLoad(text []byte) rules {
	var raw struct {
		Disguises                                                                    map[string]string
		Suicide, Relative, Violence, Minor, Idioms, Negated, Third, Reporter, Threat []string
		MinorDanger                                                                  []string `yaml:"minor_danger"`
		Needed                                                                       string
		NeededRelative                                                               string `yaml:"needed_relative"`
	}
	if err := yaml.Unmarshal(text, &raw); err != nil {
		panic(fmt.Errorf("crisis/rules.yaml: %w", err))
	}
	either := func(patterns []string) *regexp.Regexp { return regexp.MustCompile(strings.Join(patterns, "|")) }
	keys := make([]string, 0, len(raw.Disguises))
	for k := range raw.Disguises {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return len(keys[i]) > len(keys[j]) })
	var pairs []string
	for _, k := range keys {
		pairs = append(pairs, squeeze(k), raw.Disguises[k])
	}
	return rules{
		disguises: strings.NewReplacer(pairs...), needed: raw.Needed + raw.NeededRelative, neededRelative: raw.NeededRelative,
		suicide: either(raw.Suicide), relative: either(raw.Relative), violence: either(raw.Violence), minor: either(raw.Minor),
		minorDanger: either(raw.MinorDanger), idioms: either(raw.Idioms), negated: either(raw.Negated), third: either(raw.Third),
		reporter: either(raw.Reporter), threat: either(raw.Threat),
	}
}

// Recognise looks at all of the text. Forwarded words are somebody else's: a collector's curse is not the
// person's crisis.
func Recognise(text string, forwarded bool) Danger {
	if forwarded {
		return Safe
	}
	found := Safe
	whole := known.undisguise(text)
	before := ""
	for _, part := range clauses(text) {
		part = known.undisguise(part)
		if d := known.clause(before, part); d == Violence || d != Safe && found == Safe {
			found = d
		}
		if found == Safe && known.sounds(before, part) {
			found = Suicide
		}
		before = part
	}
	if known.minor.MatchString(whole) && (found != Safe || known.minorDanger.MatchString(whole) && !known.third.MatchString(whole)) {
		return Minor
	}
	return found
}

// clause judges a part of a sentence with the one before it, which may hold its subject. Most have none of the
// characters that any pattern needs.
func (r rules) clause(before, part string) Danger {
	both := before + part
	if !strings.ContainsAny(part, r.needed) || sounds(part) < hardly && sounds(both) < hardly {
		return Safe
	}
	relative := strings.ContainsAny(part, r.neededRelative) && r.relative.MatchString(both)
	suicide := r.suicide.MatchString(part) || r.suicide.MatchString(both) && !r.suicide.MatchString(before)
	violence := r.violence.MatchString(both)
	if !suicide && !violence && !relative || r.negated.MatchString(part) || !relative && r.third.MatchString(both) {
		return Safe
	}
	told := r.reporter.MatchString(both)
	plain := r.idioms.ReplaceAllString(both, "")
	switch {
	case relative && r.relative.MatchString(plain):
		return Suicide
	case violence && r.violence.MatchString(plain) && (!told || !r.threat.MatchString(plain)) && !future(plain):
		return Violence
	case suicide && !told && r.suicide.MatchString(plain):
		return Suicide
	}
	return Safe
}

// likely is the probability from which wording alone counts. Missing somebody is worse than asking once too often.
const likely = 0.5

// hardly is the probability below which no pattern is tried: they cost a hundred times as much.
const hardly = 0.03

// perhaps is the probability below which the part before it is not asked.
const perhaps = 0.2

// sounds says whether a part, alone or with the one before it, sounds like somebody in danger, by wording that no
// pattern names.
func (r rules) sounds(before, part string) bool {
	both := before + part
	if alone := sounds(part); alone < likely && (alone < perhaps || sounds(both) < likely) {
		return false
	}
	return !r.third.MatchString(both) && !r.negated.MatchString(both) && !r.reporter.MatchString(both) && !r.idioms.MatchString(part)
}

// future says whether what is told of has only been announced.
func future(s string) bool { return futureForm.MatchString(s) }

var futureForm = regexp.MustCompile(`明天|后天|下周|过几天|改天|以后会|要来|会来|说要|将|万一|如果|要是|会不会|怕`)

// Threat says whether the text tells of a threat to life or limb that was only uttered: such an answer begins with 110.
func Threat(text string) bool { return known.threat.MatchString(known.undisguise(text)) }

// clauses splits at the ends of sentences and takes out what stands in quotation marks.
func clauses(text string) []string {
	text = quotes.ReplaceAllString(text, "")
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("。！？!?\n；;，,、…", c) })
}

var quotes = regexp.MustCompile(`「[^」]{0,200}」|“[^”]{0,200}”|"[^"]{0,200}"|『[^』]{0,200}』|‘[^’]{0,200}’`)

func (r rules) undisguise(text string) string { return r.disguises.Replace(squeeze(text)) }

// squeeze folds width, case and traditional forms and leaves letters and digits only.
func squeeze(text string) string {
	var b strings.Builder
	for _, c := range text {
		if narrow := width.LookupRune(c).Narrow(); narrow != 0 && narrow < 0x80 {
			c = narrow
		}
		if at := strings.IndexRune(traditional, c); at >= 0 && at/3%2 == 0 {
			c = []rune(traditional[at:])[1]
		}
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			b.WriteRune(unicode.ToLower(c))
		}
	}
	return b.String()
}

//go:embed traditional.txt
var traditional string
