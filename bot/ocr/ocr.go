// Package ocr reads the words in a picture with tesseract, a program of its own, within limits.
package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // the formats that phones make
	_ "image/png"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"

	_ "golang.org/x/image/webp"

	"wenzhu/dialog/words"
)

const (
	bytesMost  = 20 << 20
	pixelsMost = 24_000_000 // 24 megapixels, decoded about 96 MB
	sideMost   = 12_000     // a long screenshot
	waitMost   = 4          // pictures in the queue
	readWithin = 5 * time.Second
	memoryMost = 1 << 30 // bytes of address space for the program
)

// The errors of Read that a caller acts on; with all of them the person is asked for the words.
var (
	ErrAbsent = errors.New("tesseract is not installed")
	ErrBusy   = errors.New("too many pictures at once, or one that takes too long")
	ErrImage  = errors.New("not a picture that can be read")
)

// Reader reads one picture at a time.
type Reader struct {
	program string
	limit   string // prlimit, where there is one
	turn    chan struct{}
	queue   chan struct{}
	within  time.Duration
}

// New looks for the program. ErrAbsent means that pictures cannot be read on this machine.
func New() (*Reader, error) {
	program, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, ErrAbsent
	}
	out, err := exec.Command(program, "--list-langs").CombinedOutput() //nolint:noctx // answers at once, at start only
	if err != nil || !strings.Contains(string(out), "chi_sim") {
		return nil, fmt.Errorf("%w with Chinese (chi_sim)", ErrAbsent)
	}
	limit, err := exec.LookPath("prlimit")
	if err != nil {
		limit = ""
	}
	return &Reader{program: program, limit: limit, turn: make(chan struct{}, 1), queue: make(chan struct{}, waitMost+1), within: readWithin}, nil
}

// Read returns the words of a PNG, JPEG or WebP. The picture is only held in memory.
func (r *Reader) Read(ctx context.Context, picture []byte) (string, error) {
	if err := check(picture); err != nil {
		return "", err
	}
	select {
	case r.queue <- struct{}{}:
		defer func() { <-r.queue }()
	default:
		return "", ErrBusy
	}
	ctx, cancel := context.WithTimeout(ctx, r.within)
	defer cancel()
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return "", ErrBusy
	}
	grey, err := upright(picture)
	if err != nil {
		return "", err
	}
	return r.upright(ctx, grey)
}

// A picture of which the program is less sure than legible lies on its side or on its head, or has no words: it is turned
// until it can be read. Drawn conversations got 65 (blurred) to 94 when they stood upright, and 42 to 57 when not.
const legible = 60

// upright reads a picture, turned where it has to be; "" where no side is up.
func (r *Reader) upright(ctx context.Context, grey *image.Gray) (string, error) {
	for _, how := range []int{1, 6, 8, 3} {
		side := grey
		if how > 1 {
			side = turned(grey, how)
		}
		table, err := r.run(ctx, pgm(side))
		if err != nil {
			return "", err
		}
		all, sure := rows(table)
		if sure >= legible || len(all) == 0 && how == 1 {
			return talk(all, side.Rect.Dx(), words.Get("picture.theirs"), words.Get("picture.mine")), nil
		}
	}
	return "", nil
}

// run starts the program. The flags are measured: without thresholding_method=1 light text on a coloured bubble is lost.
func (r *Reader) run(ctx context.Context, picture []byte) (string, error) {
	args := []string{"-", "-", "-l", "chi_sim", "--psm", "6", "-c", "thresholding_method=1", "tsv"}
	name := r.program
	if r.limit != "" {
		args = append([]string{fmt.Sprintf("--as=%d", memoryMost), "--cpu=10", r.program}, args...)
		name = r.limit
	}
	command := exec.CommandContext(ctx, name, args...)
	command.Env = []string{"OMP_THREAD_LIMIT=1", "LANG=C.UTF-8"}
	command.Stdin = bytes.NewReader(picture)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = time.Second
	var out bytes.Buffer
	command.Stdout = &limited{w: &out, left: 2_000_000}
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			return "", fmt.Errorf("%w: %w", ErrBusy, ctx.Err())
		}
		return "", fmt.Errorf("read picture: %w", err)
	}
	return out.String(), nil
}

// limited drops what is too much.
type limited struct {
	w    io.Writer
	left int
}

func (l *limited) Write(b []byte) (int, error) {
	n := min(len(b), l.left)
	l.left -= n
	if _, err := l.w.Write(b[:n]); err != nil {
		return 0, err
	}
	return len(b), nil
}

// joinHan keeps a space only between two words of Latin letters or digits.
func joinHan(line string) string {
	var b strings.Builder
	previous := rune(0)
	fields := strings.Fields(line)
	for i, f := range fields {
		first := []rune(f)[0]
		if i > 0 && first < 0x2e80 && previous < 0x2e80 {
			b.WriteByte(' ')
		}
		b.WriteString(f)
		runes := []rune(f)
		previous = runes[len(runes)-1]
	}
	return b.String()
}
