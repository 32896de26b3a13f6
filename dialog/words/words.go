// Package words holds what the dialog itself says. Sentences stand in YAML files by state; this package only
// finds and fills them.
package words

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed *.yaml
var files embed.FS

var sentences = load()

// load reads every file, all at the same time; a fault in them is found by the first test that runs.
func load() map[string]string {
	names, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	read := make([]map[string]map[string]string, len(names))
	var reading sync.WaitGroup
	for i, name := range names {
		reading.Go(func() { read[i] = groups(name.Name()) })
	}
	reading.Wait()
	all := make(map[string]string)
	for _, groups := range read {
		for group, entries := range groups {
			for key, text := range entries {
				all[group+"."+key] = strings.TrimRight(text, "\n")
			}
		}
	}
	return all
}

// groups are the sentences of a file, by group and key.
func groups(name string) (groups map[string]map[string]string) {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	if err := yaml.Unmarshal(content, &groups); err != nil {
		panic(fmt.Errorf("words/%s: %w", name, err))
	}
	return groups
}

// Get is the sentence of a key such as "greet.hello". A missing key is a programmer's mistake.
func Get(key string) string {
	s, ok := sentences[key]
	if !ok {
		panic("words: no sentence " + key)
	}
	return s
}

// Fill is the sentence with {name} replaced; pairs are name, value, name, value, …
func Fill(key string, pairs ...string) string {
	old := make([]string, len(pairs))
	for i := range pairs {
		old[i] = pairs[i]
		if i%2 == 0 {
			old[i] = "{" + pairs[i] + "}"
		}
	}
	return strings.NewReplacer(old...).Replace(Get(key))
}

// Keys are all keys, sorted.
func Keys() []string { return slices.Sorted(maps.Keys(sentences)) }

// Find is Get for keys that need not be there.
func Find(key string) (string, bool) {
	s, ok := sentences[key]
	return s, ok
}
