package quickyaml

import (
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fill puts a node into a value that a pointer leads to, as the library would.
func fill(n node, into any) error {
	to := reflect.ValueOf(into).Elem()
	fresh := reflect.New(to.Type()).Elem() // nothing is left behind where the library takes over
	if err := put(n, fresh); err != nil {
		return err
	}
	to.Set(fresh)
	return nil
}

func put(n node, to reflect.Value) error {
	if own, ok := to.Addr().Interface().(yaml.Unmarshaler); ok {
		return own.UnmarshalYAML(n.yaml())
	}
	switch to.Kind() {
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		return put(n, to.Elem())
	case reflect.Struct:
		return putFields(n, to)
	case reflect.Map:
		return putMap(n, to)
	case reflect.Slice:
		if n.kind != list {
			return errBeyond
		}
		to.Set(reflect.MakeSlice(to.Type(), len(n.items), len(n.items)))
		return putItems(n, to)
	case reflect.Array:
		if n.kind != list || len(n.items) != to.Len() {
			return errBeyond
		}
		return putItems(n, to)
	}
	if n.kind != word {
		return errBeyond
	}
	return putWord(n, to)
}

func putItems(n node, to reflect.Value) error {
	for i := range n.items {
		if err := put(n.items[i], to.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func putWord(n node, to reflect.Value) error {
	switch kind := to.Kind(); {
	case kind == reflect.String:
		to.SetString(n.word)
	case kind == reflect.Bool && n.bare && (n.word == "true" || n.word == "false"):
		to.SetBool(n.word == "true")
	case kind == reflect.Int && n.bare && isNumber(n.word):
		number, err := strconv.Atoi(n.word)
		if err != nil {
			return err
		}
		to.SetInt(int64(number))
	case kind == reflect.Float64 && n.bare && isFraction(n.word):
		number, err := strconv.ParseFloat(n.word, 64)
		if err != nil {
			return err
		}
		to.SetFloat(number)
	default:
		return errBeyond
	}
	return nil
}

// isNumber says whether a word is a whole number in the simplest way of writing it.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	return s != "" && len(s) < 10 && (s == "0" || s[0] != '0') && strings.Trim(s, "0123456789") == ""
}

func isFraction(s string) bool {
	whole, part, _ := strings.Cut(s, ".")
	return isNumber(whole) && len(part) < 10 && strings.Trim(part, "0123456789") == "" && !strings.HasSuffix(s, ".")
}

func putMap(n node, to reflect.Value) error {
	t := to.Type()
	if n.kind != table || t.Key().Kind() != reflect.String {
		return errBeyond
	}
	to.Set(reflect.MakeMapWithSize(t, len(n.items)))
	for i, key := range n.keys {
		value := reflect.New(t.Elem()).Elem()
		if err := put(n.items[i], value); err != nil {
			return err
		}
		to.SetMapIndex(reflect.ValueOf(key.word).Convert(t.Key()), value)
	}
	return nil
}

func putFields(n node, to reflect.Value) error {
	if n.kind != table {
		return errBeyond
	}
	for i, key := range n.keys {
		field := fieldOf(to, key.word)
		if !field.IsValid() {
			return errBeyond
		}
		if err := put(n.items[i], field); err != nil {
			return err
		}
	}
	return nil
}

// fieldOf is the field that a key names: by its tag, or by its name in small letters.
func fieldOf(to reflect.Value, key string) reflect.Value {
	t := to.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("yaml")
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		if name == key && f.IsExported() && !f.Anonymous {
			return to.Field(i)
		}
	}
	return reflect.Value{}
}

// yaml is a node as the library has it.
func (n node) yaml() *yaml.Node {
	y := &yaml.Node{Kind: yaml.ScalarNode, Value: n.word}
	switch n.kind {
	case list:
		y.Kind, y.Tag = yaml.SequenceNode, "!!seq"
	case table:
		y.Kind, y.Tag = yaml.MappingNode, "!!map"
	case word:
		if !n.bare {
			y.Style, y.Tag = yaml.DoubleQuotedStyle, "!!str"
		}
	}
	for i := range n.items {
		if n.kind == table {
			y.Content = append(y.Content, n.keys[i].yaml())
		}
		y.Content = append(y.Content, n.items[i].yaml())
	}
	return y
}
