package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"wenzhu/dialog/words"
)

// TestEverySentenceIsSaid: a key of the words that no code names, whole or put together, is dead.
func TestEverySentenceIsSaid(t *testing.T) {
	var names []string
	inSum := make(map[ast.Expr]bool) // parts of a longer sum
	for path, f := range goFiles(t, parser.SkipObjectResolution) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "knowledge/") {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok || inSum[e] {
				return true
			}
			if name := keyForm(e); beginsGroup.MatchString(name) {
				names = append(names, name)
			}
			for sum, ok := e.(*ast.BinaryExpr); ok && sum.Op == token.ADD; sum, ok = sum.X.(*ast.BinaryExpr) {
				inSum[sum.X] = true
			}
			return true
		})
	}
	said := regexp.MustCompile(`^(?:` + strings.Join(names, "|") + `)$`)
	for _, key := range words.Keys() {
		group, _, _ := strings.Cut(key, ".")
		_, fact := words.Find("fact." + group) // the export names the values of facts
		assert.True(t, fact || said.MatchString(key), "nothing says %s: take it out of dialog/words", key)
	}
}

// beginsGroup matches patterns that are sure of a key's group, or of how its name begins.
var beginsGroup = regexp.MustCompile(`^[a-z]+(?:\\.|_)`)

// keyForm is a pattern of the keys that an expression may be: a string, or one put together of strings and other
// things; "" where it can be none.
func keyForm(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if e.Kind == token.STRING && err == nil && regexp.MustCompile(`^[a-z0-9_.-]+$`).MatchString(text) {
			return regexp.QuoteMeta(text)
		}
	case *ast.BinaryExpr:
		if left, right := keyForm(e.X), keyForm(e.Y); e.Op == token.ADD && left+right != "" {
			return left + right
		}
	case *ast.Ident, *ast.CallExpr, *ast.SelectorExpr, *ast.IndexExpr:
		return `.+`
	}
	return ""
}
