package ocr

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func reader(t *testing.T) *Reader {
	t.Helper()
	r, err := New()
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("tesseract with Chinese is not installed: make tools")
	}
	require.NoError(t, err)
	r.within = time.Minute // a busy machine shall not fail the tests
	return r
}

func TestConversationsBecomeWordsWithTheirSpeakers(t *testing.T) {
	r := reader(t)
	for name, picture := range map[string][]byte{
		"day": asPNG(t, conversation(t, 800, day, quarrel...)), "night": asPNG(t, conversation(t, 800, night, quarrel...)),
	} {
		t.Run(name, func(t *testing.T) {
			text, err := r.Read(t.Context(), picture)
			require.NoError(t, err)
			for _, said := range []string{`(?m)^对方：.*今天下午三点.*上门`, `(?m)^我：.*现在没有钱`, `(?m)^对方：.*每个人打电话`, `(?m)^我：.*我家人`} {
				assert.Regexp(t, said, text)
			}
			assert.NotContains(t, text, "10:21", "the time between bubbles is nobody's word")
		})
	}
}

func TestPicturesOfOneSideHaveNoSpeakers(t *testing.T) {
	text, err := reader(t).Read(t.Context(), asPNG(t, conversation(t, 800, day, quarrel[0], quarrel[2])))
	require.NoError(t, err)
	assert.Contains(t, text, "上门")
	assert.NotContains(t, text, "对方：")
}

// TestPhotographsAreTurned: the camera lay on its side and says so.
func TestPhotographsAreTurned(t *testing.T) {
	upright := conversation(t, 800, day, quarrel[0])
	lying := image.NewRGBA(image.Rect(0, 0, upright.Rect.Dy(), upright.Rect.Dx()))
	for y := range upright.Rect.Dy() {
		for x := range upright.Rect.Dx() {
			lying.Set(y, upright.Rect.Dx()-1-x, upright.At(x, y))
		}
	}
	picture := withOrientation(asJPEG(t, lying, 90), 6)
	assert.Equal(t, 6, orientation(picture))
	text, err := reader(t).Read(t.Context(), picture)
	require.NoError(t, err)
	assert.Contains(t, text, "上门催收")
}

// withOrientation puts an EXIF part behind the first two bytes of a JPEG.
func withOrientation(picture []byte, how byte) []byte {
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), how, 0, 0, 0, 0, 0, 0)
	part := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return slices.Concat(picture[:2], part, picture[2:])
}

// FuzzOrientation: a damaged or hostile head of a picture is read without harm.
func FuzzOrientation(f *testing.F) {
	f.Add(withOrientation([]byte{0xff, 0xd8, 0xff, 0xda}, 3))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, picture []byte) {
		if how := orientation(picture); how < 1 || how > 8 {
			t.Errorf("orientation %d", how)
		}
	})
}

func TestEveryOrientationKeepsEveryPixel(t *testing.T) {
	p := image.NewGray(image.Rect(0, 0, 2, 3))
	copy(p.Pix, []byte{1, 2, 3, 4, 5, 6})
	for how, want := range map[int][]byte{
		1: {1, 2, 3, 4, 5, 6}, 2: {2, 1, 4, 3, 6, 5}, 3: {6, 5, 4, 3, 2, 1}, 4: {5, 6, 3, 4, 1, 2},
		5: {1, 3, 5, 2, 4, 6}, 6: {5, 3, 1, 6, 4, 2}, 7: {6, 4, 2, 5, 3, 1}, 8: {2, 4, 6, 1, 3, 5},
	} {
		assert.Equal(t, want, turned(p, how).Pix, "%d", how)
	}
}

// TestSlownessIsBusyness: a picture that takes too long ends in a question for the words, not in a wait.
func TestSlownessIsBusyness(t *testing.T) {
	r := reader(t)
	r.within = time.Millisecond
	_, err := r.Read(t.Context(), asPNG(t, conversation(t, 1080, day, quarrel...)))
	require.ErrorIs(t, err, ErrBusy)
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
	picture := asPNG(t, conversation(t, 600, day, quarrel[1]))
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
