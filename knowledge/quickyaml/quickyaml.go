// Package quickyaml reads the YAML that our files are written in, many times as fast as a library that reads all of YAML:
// blocks of keys and lists, lists and maps in brackets, words, quoted words, and text behind a bar. Whatever else a
// file holds, and whatever is wrong in it, is left to the library, which says what and where.
package quickyaml

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"
)

// errBeyond says that the library has to read this.
var errBeyond = errors.New("more than plain YAML")

// Decode reads YAML into a value, in which every field has to be known. Its errors are those of the library.
func Decode(text string, into any) error {
	if n, err := parse(text); err == nil && fill(n, into) == nil {
		return nil
	}
	d := yaml.NewDecoder(strings.NewReader(text))
	d.KnownFields(true)
	return d.Decode(into)
}
