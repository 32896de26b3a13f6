package quickyaml

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// shape is every kind of value that our files have.
type shape struct {
	Name   string
	Number int
	Share  float64
	Yes    bool
	Words  []string
	Table  map[string]string
	Sets   map[string][]string
	Pairs  map[string]map[string]string
	Ends   [2]int
	Inner  *shape
	Inners []shape
	Other  string `yaml:"an_other"`
}

func library(content []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(content))
	d.KnownFields(true)
	return d.Decode(into)
}

// same checks that what is read here is read so by the library as well, and says whether it was read here.
func same[T any](t *testing.T, content string) bool {
	t.Helper()
	n, err := parse(content)
	if err != nil {
		return false
	}
	var mine, theirs T
	if fill(n, &mine) != nil {
		return false
	}
	require.NoError(t, library([]byte(content), &theirs), content)
	require.Equal(t, theirs, mine, content)
	return true
}

// TestOurFilesArePlain: nearly all of what is read at the start is read the quick way, and as the library reads it.
func TestOurFilesArePlain(t *testing.T) {
	files := 0
	for _, pattern := range []string{"../*.yaml", "../law/*.yaml", "../words/*.yaml", "../content/*/*.md", "../verdict/rules/*.yaml", "../../dialog/words/*.yaml"} {
		names, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, names, pattern)
		for _, name := range names {
			content, err := os.ReadFile(name)
			require.NoError(t, err)
			text := string(content)
			if strings.HasSuffix(name, ".md") {
				text, _, _ = strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
			}
			n, err := parse(text)
			if assert.NoError(t, err, name) {
				var want yaml.Node
				require.NoError(t, yaml.Unmarshal([]byte(text), &want))
				require.Equal(t, flat(want.Content[0]), flat(n.yaml()), name)
				files++
			}
		}
	}
	assert.Greater(t, files, 400)
}

// flat is a tree as text, with what tells a word from a number or nothing.
func flat(n *yaml.Node) string {
	quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle) != 0
	all := []string{string(rune('0' + n.Kind)), n.Value}
	if n.Kind == yaml.ScalarNode && quoted {
		all = append(all, "quoted")
	}
	for _, c := range n.Content {
		all = append(all, flat(c))
	}
	return "(" + strings.Join(all, "|") + ")"
}

var samples = []string{
	"name: 夜里\nnumber: 4\nshare: 0.5\nyes: true\nwords: [一, \"二\", '三']\n",
	"words:\n  - 一 # first\n  - \"二: 三\"\n# note\n  - a:b\nan_other: |-\n  一\n\n  二\nname: x\n",
	"name: |\n  一\n    二\n\nnumber: -3\n",
	"table: {a: b, \"c\": d}\nsets: {a: [1, 2], b: []}\nends: [1, 2]\n",
	"sets:\n  a: [一,\n    二, # two\n    三]\n  b:\n    - x\npairs:\n  p:\n    q: r\n",
	"inner:\n  name: y\n  inners:\n    - name: a\n      number: 1\n    - name: b\n",
	"inners:\n- name: a\n- name: b\n",
	"name: 2026-11-24\nan_other: no\nwords: [true, 1.5, 0x1f]\n",
	"name: 'it''s'\n", "name: a\n  b\n", "name: &x a\n", "name:\nnumber: 1\n", "name: ~\n", "words: [a, , b]\n", "table: {a}\n", "name: a: b\n",
	"words: [a b, c#d, e #f\n]\n", "name: a #b\n", "name: a#b\n", "name: \"a\" b\n", "name: a\nname: b\n", "nobody: a\n", "words: [a]x\n", "number: 07\n", "? a\n: b\n",
	"table: {a: b,}\n", "table: {a: b, a: c}\n", "name: [a]\n", "name: -\n", "words:\n  -\n", "name: |-\n", "name: |-\n\n  a\n", "name: >-\n  a\n", "name: a\n--- \nname: b\n", "words: [a\n  b]\n",
}

func TestReadsAsTheLibraryDoes(t *testing.T) {
	quick := 0
	for _, s := range samples {
		if same[shape](t, s) {
			quick++
		}
	}
	assert.GreaterOrEqual(t, quick, 8)
}

func TestErrorsAreThoseOfTheLibrary(t *testing.T) {
	var s shape
	assert.ErrorContains(t, Decode("name: a\nnobody: b\n", &s), "line 2: field nobody not found")
	assert.ErrorContains(t, Decode("name: [a\n", &s), "line 1: did not find expected")
}

func FuzzReadsAsTheLibraryDoes(f *testing.F) {
	for _, s := range samples {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, content string) {
		same[shape](t, content)
		same[[]shape](t, content)
		same[map[string]string](t, content)
		same[map[string][]string](t, content)
	})
}
