package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goFiles parses every Go file of the project.
func goFiles(t *testing.T, mode parser.Mode) map[string]*ast.File {
	t.Helper()
	files := make(map[string]*ast.File)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, mode)
			if err != nil {
				return err
			}
			files[filepath.ToSlash(strings.TrimPrefix(path, "../"))] = f
		}
		return nil
	})
	require.NoError(t, err)
	return files
}

// TestArrowsPointOneWay keeps bot → dialog → knowledge, channels apart, and I/O out of the two pure trees.
func TestArrowsPointOneWay(t *testing.T) {
	io := regexp.MustCompile(`^(net|net/http|os|os/exec|os/signal|math/rand|math/rand/v2|crypto/rand|syscall|log|log/slog|database/.*)$`)
	channels := regexp.MustCompile(`^wenzhu/bot/(telegram|web|terminal)$`)
	for path, f := range goFiles(t, parser.ImportsOnly) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "knowledge/") && strings.Contains(path, "/train/") {
			continue
		}
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			switch {
			case strings.HasPrefix(path, "knowledge/"):
				assert.False(t, strings.HasPrefix(name, "wenzhu/dialog") || strings.HasPrefix(name, "wenzhu/bot"), "%s imports %s", path, name)
				assert.NotRegexp(t, io, name, path)
			case strings.HasPrefix(path, "dialog/"):
				assert.False(t, strings.HasPrefix(name, "wenzhu/bot"), "%s imports %s", path, name)
				assert.NotRegexp(t, io, name, path)
			case strings.HasPrefix(path, "bot/chat/"):
				assert.False(t, strings.HasPrefix(name, "wenzhu/") && name != "wenzhu/dialog", "%s imports %s", path, name)
			case strings.HasPrefix(path, "bot/config/"):
				assert.False(t, strings.HasPrefix(name, "wenzhu/"), "%s imports %s", path, name)
			case regexp.MustCompile(`^bot/(telegram|web|terminal)/`).MatchString(path):
				own := "wenzhu/" + strings.Join(strings.Split(path, "/")[:2], "/")
				assert.False(t, channels.MatchString(name) && name != own, "%s imports %s", path, name)
			}
		}
	}
}

// TestSentencesStandWhereWritersFindThem: users read Chinese, and it stands in word and content files only.
func TestSentencesStandWhereWritersFindThem(t *testing.T) {
	const longest = 4 // single characters of a parser are no sentence
	for path, f := range goFiles(t, parser.SkipObjectResolution) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "dialog/words/") ||
			strings.HasPrefix(path, "dialog/when/") ||
			strings.Contains(path, "/storetest/") {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING || strings.HasPrefix(literal.Value, "`") && strings.ContainsAny(literal.Value, `[(\`) {
				return true // a pattern is no sentence
			}
			run := 0
			for _, c := range literal.Value {
				if !unicode.Is(unicode.Han, c) {
					run = 0
					continue
				}
				if run++; run > longest {
					t.Errorf("%s: %s: move the sentence to the words or the content", path, literal.Value)
					break
				}
			}
			return true
		})
	}
}

// TestRunbookExplainsEveryAlarm: whatever the log warns of, an operator finds in the runbook.
func TestRunbookExplainsEveryAlarm(t *testing.T) {
	runbook, err := os.ReadFile("../deploy/runbook.md")
	require.NoError(t, err)
	for path, f := range goFiles(t, parser.SkipObjectResolution) {
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(path, "bot/") {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Warn", "Error"}, method.Sel.Name) {
				return true
			}
			if message, ok := call.Args[0].(*ast.BasicLit); ok && message.Kind == token.STRING {
				text, err := strconv.Unquote(message.Value)
				require.NoError(t, err)
				assert.Contains(t, string(runbook), "`"+text+"`", "%s warns of it", path)
			}
			return true
		})
	}
}

// TestMeasurementsNameTestsThatExist: whoever takes a figure of docs/measurements.md again runs something.
func TestMeasurementsNameTestsThatExist(t *testing.T) {
	text, err := os.ReadFile("../docs/measurements.md")
	require.NoError(t, err)
	tests := make(map[string][]string)
	for path, f := range goFiles(t, parser.SkipObjectResolution) {
		for _, d := range f.Decls {
			if function, ok := d.(*ast.FuncDecl); ok && strings.HasSuffix(path, "_test.go") {
				tests[filepath.Dir(path)] = append(tests[filepath.Dir(path)], function.Name.Name)
			}
		}
	}
	flag, folder := regexp.MustCompile(`-(?:run|bench) (?:'([^']+)'|(\S+))`), regexp.MustCompile(`\./(\S+)`)
	for _, command := range regexp.MustCompile("`[^`]*go test[^`]*`").FindAllString(string(text), -1) {
		in := folder.FindStringSubmatch(strings.Trim(command, "`"))
		require.NotNil(t, in, command)
		for _, found := range flag.FindAllStringSubmatch(command, -1) {
			for name := range strings.SplitSeq(strings.ReplaceAll(found[1]+found[2], `\|`, "|"), "|") {
				named := slices.ContainsFunc(tests[in[1]], func(test string) bool { return strings.Contains(test, name) })
				assert.True(t, named || name == "^$", "%s: no test of that name: %s", name, command)
			}
		}
	}
}

// TestBinaryRunsInAnEmptyRoot proves that the static binary needs nothing around it and no privileges.
func TestBinaryRunsInAnEmptyRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to change the root directory")
	}
	root := t.TempDir()
	require.NoError(t, os.Chmod(root, 0o755)) //nolint:gosec // the unprivileged user has to enter
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", filepath.Join(root, "bot"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	require.NoError(t, os.Mkdir(filepath.Join(root, "data"), 0o777))
	require.NoError(t, os.Chmod(filepath.Join(root, "data"), 0o777)) //nolint:gosec // the same
	for parent := filepath.Dir(root); parent != "/"; parent = filepath.Dir(parent) {
		require.NoError(t, exec.CommandContext(t.Context(), "chmod", "a+x", parent).Run())
	}
	chroot := exec.CommandContext(t.Context(), "/usr/sbin/chroot", "--userspec=65532:65532", root, "/bot", "chat")
	chroot.Env = []string{"DATA_DIR=/data"}
	chroot.Stdin = strings.NewReader("1\n")
	out, err = chroot.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "1.")
}
