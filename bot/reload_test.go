package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/knowledge"
)

func TestEditedKnowledgeIsCheckedAndReloaded(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, knowledge.Embedded()))
	file := filepath.Join(dir, "content", "calm", "edited.md")
	before := stamp(dir)
	text := "---\nid: edited\ntitle: 新的\nkind: answer\nasks: [一二三四五六]\nauthor: 某\nchecked: 2026-11-24\n---\n没有出处的规定。\n"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	assert.NotEqual(t, before, stamp(dir))
	out, err := bot(t, nil, "", "lint", "--content", dir, "--as-of", "2026-11-25")
	require.Error(t, err)
	assert.Contains(t, out, "content/calm/edited.md:")
	assert.Contains(t, out, "needs a mark")
	assert.Contains(t, out, "needs 8")

	a := &app{}
	require.NoError(t, a.loadDialog(dir))
	good := a.dialog.Load()
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(text, "author", "nobody", 1)), 0o600))
	err = a.loadDialog(dir)
	require.ErrorContains(t, err, "edited.md")
	assert.Same(t, good, a.dialog.Load(), "the last good set stays")
}

func TestLintNamesFileAndLineOfEveryFault(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"broken YAML":         {"---\nid: [\n---\nx\n", "edited.md"},
		"no head":             {"x", "needs a head"},
		"wrong encoding":      {"---\nid: edited\n\xff\n---\nx\n", "not UTF-8"},
		"unknown article":     {"---\nid: edited\ntitle: x\nasks: [a]\nauthor: x\nchecked: 2026-11-24\n---\n一句 [civil-code:99999]。\n", "no article"},
		"unknown law":         {"---\nid: edited\ntitle: x\nasks: [a]\nauthor: x\nchecked: 2026-11-24\n---\n一句 [nosuch:1]。\n", "no law/nosuch.yaml"},
		"superseded law":      {"---\nid: edited\ntitle: x\nasks: [a]\nauthor: x\nchecked: 2026-11-24\n---\n一句 [public-security-old-2012:42]。\n", "superseded"},
		"promise":             {"---\nid: edited\ntitle: x\nasks: [a]\nauthor: x\nchecked: 2026-11-24\n---\n投诉一定能赢。\n", "promises an outcome"},
		"unlawful by a norm":  {"---\nid: edited\ntitle: x\nasks: [a]\nauthor: x\nchecked: 2026-11-24\n---\n夜里催收违法 [gbt-45251-2025:time]。\n", "makes nothing"},
		"number out of list":  {"---\nid: edited\ntitle: x\nasks: [a]\nauthor: x\nchecked: 2026-11-24\n---\n打 95588 问 [practice]。\n", "not in channels.yaml"},
		"own review":          {"---\nid: edited\ntitle: x\nasks: [a]\nauthor: 张三\nchecked: 2026-11-24\nreviewed: [{by: 张三, qualification: 律师, date: 2026-11-24}]\n---\n一句。\n", "cannot review"},
		"unchecked for years": {"---\nid: edited\ntitle: x\nasks: [a]\nauthor: x\nchecked: 2020-01-01\n---\n一句。\n", "not checked for more than 24"},
		"too large":           {strings.Repeat("x", 5<<20), "at most"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.CopyFS(dir, knowledge.Embedded()))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "content", "calm", "edited.md"), []byte(c.body), 0o600))
			out, err := bot(t, nil, "", "lint", "--content", dir, "--as-of", "2026-11-25")
			require.Error(t, err)
			assert.Contains(t, out, c.want)
			assert.Contains(t, out, "edited.md")
		})
	}
}
