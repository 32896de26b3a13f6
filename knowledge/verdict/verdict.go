// Package verdict judges a message: what it is, which words show it, and what to do.
package verdict

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Label names what a message is.
type Label string

// The labels.
const (
	Scam              Label = "scam"
	IllegalCollection Label = "illegal_collection"
	Verify            Label = "verify"
	Routine           Label = "routine"
	Other             Label = "other"
)

// Labels are all, in the order of the weights.
var Labels = []Label{Scam, IllegalCollection, Verify, Routine, Other}

// Message is what somebody received.
type Message struct {
	Text      string
	Sender    string // number or name, as the channel shows it
	Said      Said   // what the person said about the sender
	Forwarded bool
}

// Signal is something in the message that speaks for a label.
type Signal struct {
	Name       string
	Label      Label
	Weight     int    // 1 to 5: how strong a reason it is
	Quote      string // a substring of the text
	Start, End int    // byte offsets of Quote
	Meaning    string
	Basis      []string // law ids, channel ids or scam patterns
}

// Verdict is what is said about a message.
type Verdict struct {
	Label      Label
	Confidence float64 // probability of Label
	Sure       Sureness
	Headline   string
	Why        string   // why it is to be verified although it sounds like something else
	Origin     string   // whether it is from whom it says
	Manner     string   // whether this way of pressing is allowed
	Signals    []Signal // in the order of the text
	Reasons    []Signal // the strongest of them
	Basis      []string
	Advice     []string
	Avoid      []string
	Verify     []string
	Topic      string // the snippet that says more; "" none
	Harmful    bool
	Danger     bool   // somebody is threatened with violence
	Version    string // of the rules and weights
}

//go:embed rules weights.bin weights.json looks.bin
var files embed.FS

// Checker judges messages. It is safe for concurrent use.
type Checker struct {
	rules     []Rule
	byName    map[string]int
	problems  []error // what is wrong with rules, for the test
	disguises *disguises
	hosts     *hosts
	senders   *senders
	concepts  *concepts
	matcher   *matcher
	answers   answers
	model     *Model
	looks     *looks
	version   string

	dense      []string // the names of the model's features that are not grams
	denseIndex map[string]int
}

// New returns the checker with the embedded rules and weights. It is made once.
func New() (*Checker, error) { return made() }

var made = sync.OnceValues(func() (*Checker, error) {
	rules, err := fs.Sub(files, "rules")
	if err != nil {
		return nil, err
	}
	c, err := load(rules)
	if err != nil {
		return nil, err
	}
	about, err := files.ReadFile("weights.json")
	if err != nil {
		return nil, err
	}
	grams, err := files.ReadFile("weights.bin")
	if err != nil {
		return nil, err
	}
	if c.model, err = ReadModel(about, grams, c.dense); err != nil {
		return nil, err
	}
	look, err := files.ReadFile("looks.bin")
	if err != nil {
		return nil, err
	}
	if c.looks, err = readLooks(look); err != nil {
		return nil, err
	}
	c.version, err = fingerprint(files)
	return c, err
})

// fingerprint names the rules and weights: it changes whenever one of them does, so that old verdicts are looked at again.
func fingerprint(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		sum.Write(content)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:4]), err
}

// load reads the rules and everything beside them.
func load(files fs.FS) (*Checker, error) {
	c := &Checker{byName: make(map[string]int)}
	var words map[string][]string
	var g groups
	for _, step := range []struct {
		file string
		read func([]byte) error
	}{
		{"hosts.yaml", func(b []byte) (err error) { c.hosts, err = readHosts(b); return }},
		{"disguises.yaml", func(b []byte) (err error) { c.disguises, err = readDisguises(b, c.hosts); return }},
		{"senders.yaml", func(b []byte) (err error) { c.senders, err = readSenders(b); return }},
		{"concepts.yaml", func(b []byte) (err error) { c.concepts, err = readConcepts(b, c.disguises); return }},
		{"words.yaml", func(b []byte) (err error) {
			if err = yaml.Unmarshal(b, &words); err == nil {
				g, err = fillGroups(words)
			}
			return
		}},
	} {
		content, err := fs.ReadFile(files, step.file)
		if err != nil {
			return nil, err
		}
		if err := step.read(content); err != nil {
			return nil, fmt.Errorf("rules/%s: %w", step.file, err)
		}
	}
	var err error
	if c.rules, err = readRules(files); err != nil {
		return nil, err
	}
	for i, r := range c.rules {
		c.byName[r.Name] = i
	}
	c.dense, c.denseIndex = c.denseNames(), make(map[string]int)
	for i, name := range c.dense {
		c.denseIndex[name] = i
	}
	c.matcher, c.problems = newMatcher(c.rules, g, c.disguises)
	content, err := fs.ReadFile(files, "answers.yaml")
	if err != nil {
		return nil, err
	}
	return c, c.readAnswers(content)
}

// Check judges one message.
func (c *Checker) Check(m Message) Verdict {
	r := c.read(m)
	defer r.release(c)
	label, p := c.label(m, r)
	return c.say(label, p, r)
}
