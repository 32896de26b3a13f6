package ocr

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

func reader(t *testing.T) *Reader {
	t.Helper()
	r, err := New()
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("tesseract with Chinese is not installed: make tools")
	}
	require.NoError(t, err)
	return r
}

// screenshot draws lines of text as a chat bubble.
func screenshot(t *testing.T, back, ink color.Color, lines ...string) []byte {
	t.Helper()
	paths, err := filepath.Glob("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
	require.NoError(t, err)
	if len(paths) == 0 && os.Getenv("CI") == "" {
		t.Skip("no Chinese font: make tools")
	}
	content, err := os.ReadFile(paths[0])
	require.NoError(t, err)
	fonts, err := opentype.ParseCollection(content)
	require.NoError(t, err)
	chosen, err := fonts.Font(0)
	require.NoError(t, err)
	face, err := opentype.NewFace(chosen, &opentype.FaceOptions{Size: 34, DPI: 72})
	require.NoError(t, err)
	picture := image.NewRGBA(image.Rect(0, 0, 760, 60+60*len(lines)))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(back), image.Point{}, draw.Src)
	for i, line := range lines {
		d := font.Drawer{Dst: picture, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(30, 60+60*i)}
		d.DrawString(line)
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, picture))
	return b.Bytes()
}

func TestScreenshotsBecomeWords(t *testing.T) {
	r := reader(t)
	for name, colours := range map[string][2]color.Color{
		"light": {color.White, color.Black}, "dark": {color.Gray{31}, color.Gray{232}}, "bubble": {color.RGBA{0x95, 0xec, 0x69, 255}, color.Black},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := r.Read(t.Context(), screenshot(t, colours[0], colours[1], "您的借款已经逾期，今天下午", "三点前不还款，我们将上门催收。"))
			require.NoError(t, err)
			for _, word := range []string{"借款", "今天", "上门催收"} {
				assert.Contains(t, text, word)
			}
		})
	}
}

func TestWhatIsNoPictureIsRefusedBeforeDecoding(t *testing.T) {
	r := reader(t)
	var bomb bytes.Buffer
	require.NoError(t, png.Encode(&bomb, image.NewPaletted(image.Rect(0, 0, 11_000, 11_000), color.Palette{color.White})))
	assert.Less(t, bomb.Len(), 1<<20, "it is small and unpacks to 121 megapixels")
	for name, content := range map[string][]byte{
		"nothing": nil, "text": []byte("not a picture"), "bomb": bomb.Bytes(), "cut short": bomb.Bytes()[:20], "large": make([]byte, bytesMost+1),
	} {
		_, err := r.Read(t.Context(), content)
		require.ErrorIs(t, err, ErrImage, name)
	}
}

func TestPictureWithoutWordsIsEmpty(t *testing.T) {
	r := reader(t)
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 300))))
	text, err := r.Read(t.Context(), b.Bytes())
	require.NoError(t, err)
	assert.Empty(t, text)
}

func TestQueueIsBounded(t *testing.T) {
	r := reader(t)
	picture := screenshot(t, color.White, color.Black, "您的借款已经逾期")
	var busy atomic.Int32
	var group sync.WaitGroup
	for range 12 {
		group.Go(func() {
			if _, err := r.Read(context.Background(), picture); err != nil {
				assert.ErrorIs(t, err, ErrBusy)
				busy.Add(1)
			}
		})
	}
	group.Wait()
	assert.GreaterOrEqual(t, int(busy.Load()), 12-waitMost-1)
}
