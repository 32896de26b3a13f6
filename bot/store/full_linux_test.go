package store

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
)

// TestFullDiskRefusesAndGoesOn needs the right to mount a small file system of its own.
func TestFullDiskRefusesAndGoesOn(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skip("no file system of its own: ", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	ballast := filepath.Join(dir, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 1<<20), 0o600))
	f, err := OpenFile(dir, Keyring{})
	require.NoError(t, err)
	defer f.Close()
	soon := time.Now().Add(time.Hour)
	save := func(n int) (turn.Etag, error) {
		return f.Commit(t.Context(), turn.Commit{User: chat.UserKey("tg:" + strconv.Itoa(n)), Body: make([]byte, 20<<10), Ends: soon, Next: soon})
	}
	first, err := save(0)
	require.NoError(t, err)
	n := 1
	for err == nil {
		_, err = save(n)
		n++
		require.Less(t, n, 200)
	}
	require.ErrorIs(t, err, turn.ErrUnavailable)
	require.ErrorIs(t, err, turn.ErrFull)
	stored, err := f.Load(t.Context(), "tg:0")
	require.NoError(t, err)
	require.Equal(t, first, stored.Etag, "what was kept stays")
	require.NoError(t, os.Remove(ballast))
	_, err = save(n)
	require.NoError(t, err, "and with room again it goes on")
}
