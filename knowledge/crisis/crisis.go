// Package crisis recognises danger to life or limb before anything else is looked at.
//
// A text is read as characters and as sounds (reading.go), in windows of a breath or two. What is mentioned in a
// window (concepts.yaml: death, farewell, height, blows, being held, but also idioms, news, the past, words of a
// collector) and its wording are weighed by a model that was fitted on messages by several hands (train). The window
// that sounds most like danger speaks for the text.
package crisis

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"wenzhu/knowledge/han"
)

// Danger names what was recognised.
type Danger string

// The dangers. Safe is none.
const (
	Safe     Danger = ""
	Suicide  Danger = "suicide"  // the writer's own, now
	Close    Danger = "close"    // of suicide as well, but somebody close to the writer
	Violence Danger = "violence" // at the door, confinement, blows: now
	Minor    Danger = "minor"    // a child in such danger
)

// likely is the probability from which a window is taken for danger, and help comes in place of an answer. See train
// for what each value costs.
const likely = 0.45

// likelyForwarded is likely for words that were passed on: most are a collector's.
const likelyForwarded = 0.75

// possible is the probability from which where help is goes with the answer. That costs a person little, and missing
// somebody is worse than asking once too often.
const possible = 0.2

// recogniser is what recognition needs, loaded once.
type recogniser struct {
	lexicon *lexicon
	weights *Weights
	threat  *regexp.Regexp
	hurt    *regexp.Regexp
	close   *regexp.Regexp
}

var known = sync.OnceValue(func() *recogniser { return must(load(conceptsText, weightsFile, rulesText)) })

func must(r *recogniser, err error) *recogniser {
	if err != nil {
		panic(err)
	}
	return r
}

//go:embed rules.yaml
var rulesText []byte

func load(concepts, weights, rules []byte) (*recogniser, error) {
	var raw map[string][]string
	if err := yaml.Unmarshal(rules, &raw); err != nil {
		return nil, fmt.Errorf("crisis/rules.yaml: %w", err)
	}
	patterns := make(map[string]*regexp.Regexp, len(raw))
	for name, lines := range raw {
		var err error
		if patterns[name], err = regexp.Compile(strings.Join(lines, "|")); err != nil {
			return nil, fmt.Errorf("crisis/rules.yaml: %s: %w", name, err)
		}
	}
	l, err := loadLexicon(concepts)
	if err != nil {
		return nil, err
	}
	w, err := unpack(weights, l.names)
	if err != nil {
		return nil, err
	}
	return &recogniser{lexicon: l, weights: w, threat: patterns["threat"], hurt: patterns["hurt"], close: patterns["close"]}, nil
}

// Recognise looks at all of a text. Forwarded words are somebody else's: a curse is not the person's crisis, the
// farewell of somebody close is one.
func Recognise(text string, forwarded bool) Danger {
	danger, p := known().judge(text, forwarded)
	if p < likely || forwarded && p < likelyForwarded {
		return Safe
	}
	return danger
}

// Possible is the danger that a text may tell of, though none was recognised: then a line about where help is goes with
// whatever is answered.
func Possible(text string, forwarded bool) Danger {
	danger, p := known().judge(text, forwarded)
	if p < possible {
		return Safe
	}
	return danger
}

// judge gives the danger that a text tells of if any, and how probable it is that there is one.
func (k *recogniser) judge(text string, forwarded bool) (Danger, float64) {
	r := read(text)
	if len(r.units) == 0 {
		return Safe, 0
	}
	mentions := k.lexicon.find(r.units)
	seen := k.lexicon.survey(mentions)
	all := k.weights.sumUp(r.units)
	var worst [classes]float64
	worst[calm] = 1
	for _, w := range r.windows(k.lexicon.closer(mentions)) {
		if p := k.weights.probabilities(all, w, seen.in(&r, w, forwarded)); p[calm] < worst[calm] {
			worst = p
		}
	}
	sure := k.lexicon.certain(&r, mentions)
	if (worst[calm] <= 1-possible || sure == suicide) && k.aboutClose(text, worst) {
		worst[near], worst[suicide] = worst[near]+worst[suicide], 0
		if sure == suicide {
			sure = near
		}
	}
	if sure != calm && !forwarded && worst[calm] > 1-likely {
		worst[sure], worst[calm] = worst[sure]+worst[calm]-(1-likely), 1-likely
	}
	best := suicide
	for c := suicide; c < classes; c++ {
		if worst[c] > worst[best] {
			best = c
		}
	}
	return Dangers[best], 1 - worst[calm]
}

// aboutClose says of a text that may tell of suicide whether it is somebody close whose it is. A pattern alone would take
// a writer who names somebody on the way for one, so the model must hold it for possible as well.
func (k *recogniser) aboutClose(text string, p [classes]float64) bool {
	const doubt = 10
	return doubt*p[near] > p[suicide] && k.close != nil && k.close.MatchString(plain(text))
}

// Threat says whether the text tells of a threat to life or limb that was only uttered: such an answer begins with 110.
func Threat(text string) bool { return known().threat.MatchString(plain(text)) }

// Hurt says of a text in which danger was recognised whether something has already been done or taken: then 120 comes
// first.
func Hurt(text string) bool { return known().hurt.MatchString(plain(text)) }

// plain leaves simplified Chinese characters only.
func plain(text string) string {
	return strings.Map(func(c rune) rune {
		if !han.Is(c) {
			return -1
		}
		return han.Simple(c)
	}, text)
}
