package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bot runs a command and returns what it printed.
func bot(t *testing.T, env map[string]string, stdin string, args ...string) (stdout string, err error) {
	t.Helper()
	if env == nil {
		env = make(map[string]string)
	}
	if env["DATA_DIR"] == "" {
		env["DATA_DIR"] = t.TempDir()
	}
	var out, errs bytes.Buffer
	err = run(context.Background(), process{
		args: args, getenv: func(name string) string { return env[name] }, stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs,
	})
	return out.String(), err
}

func TestUnknownCommandIsNamed(t *testing.T) {
	_, err := bot(t, nil, "", "frobnicate")
	require.ErrorContains(t, err, "frobnicate")
	var e exit
	require.ErrorAs(t, err, &e)
	assert.Equal(t, 2, e.code)
}

func TestMalformedLinesDoNotStopARun(t *testing.T) {
	out, err := bot(t, nil, "{\"id\":1,\"now\":\"2026-11-24T10:00:00+08:00\",\"text\":\"\"}\nnot json\n\xff\n{\"id\":\"x\",\"now\":\"2026-11-24T10:00:00+08:00\",\"text\":\"\",\"more\":1}", "when", "--jsonl")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 4)
	assert.JSONEq(t, `{"id":1,"at":null,"date_only":false,"repeat":null,"error":"empty"}`, lines[0])
	assert.Contains(t, lines[1], `{"id":null,"error":"line 2:`)
	assert.Contains(t, lines[2], `"error":"line 3: not UTF-8"`)
	assert.Contains(t, lines[3], `"id":"x"`)
}

func TestSecondProcessOnTheSameFileIsRefusedClearly(t *testing.T) {
	dir := t.TempDir()
	a, err := newApp(t.Context(), process{getenv: func(name string) string { return map[string]string{"DATA_DIR": dir}[name] }, stderr: &bytes.Buffer{}}, "")
	require.NoError(t, err)
	defer a.close()
	_, err = bot(t, map[string]string{"DATA_DIR": dir}, "", "chat")
	require.ErrorContains(t, err, "DATA_DIR")
}

func TestTerminalTalkSurvivesALeave(t *testing.T) {
	env := map[string]string{"DATA_DIR": t.TempDir()}
	first, err := bot(t, env, "1\n", "chat")
	require.NoError(t, err)
	assert.Contains(t, first, "1. ")
	second, err := bot(t, env, "", "chat")
	require.NoError(t, err)
	assert.NotEmpty(t, second)
	assert.NotEqual(t, first, second, "the person stands where they were")
}

// TestCheckNamesTheLawAndLeavesOutOwnWords: a pasted talk is judged for what was said to the person; the law has its name.
func TestCheckNamesTheLawAndLeavesOutOwnWords(t *testing.T) {
	out, err := bot(t, nil, "对方：再不还钱就打爆你通讯录\n我：随便你", "check")
	require.NoError(t, err)
	assert.Contains(t, out, "依据：《")
	assert.Contains(t, out, "〔")
	assert.NotContains(t, out, "随便你")
	assert.NotContains(t, out, "civil-code:")
}

func TestEvalOfNothingIsNoFigure(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.jsonl")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	_, err := bot(t, nil, "", "eval", empty)
	require.ErrorContains(t, err, "no messages")
	var e exit
	require.ErrorAs(t, err, &e)
	assert.Equal(t, 2, e.code)
}
