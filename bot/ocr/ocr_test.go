package ocr

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"slices"
	"strings"
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

// TestWhatLiesIsTurned: a picture whose file does not say how it lies is turned until it can be read; a mirrored one, which
// no side makes legible, is no words.
func TestWhatLiesIsTurned(t *testing.T) {
	r := reader(t)
	upright := conversation(t, 720, day, quarrel...)
	for _, how := range []int{3, 6, 8} {
		text, err := r.Read(t.Context(), asPNG(t, turned(upright, how)))
		require.NoError(t, err)
		assert.Regexp(t, `(?m)^对方：.*上门催收`, text, "%d", how)
	}
	text, err := r.Read(t.Context(), asPNG(t, turned(upright, 2)))
	require.NoError(t, err)
	assert.Empty(t, text)
}

// TestSmallPicturesAreRead: as chats send them on, small and packed as JPEG. In November 2026, with doubling only and the
// noise left in, the shares of wrong characters were 0.64, 0.26, 0.16 and 0.12; with enlarging, one shade for each ground
// and no word that the program does not believe in, 0.22, 0.09, 0.03 and 0.09.
func TestSmallPicturesAreRead(t *testing.T) {
	r := reader(t)
	said := ""
	for _, l := range quarrel {
		said += l.text
	}
	want := bare.Replace(said)
	for _, band := range []struct {
		widths []int
		most   float64
	}{{[]int{240, 320}, 0.3}, {[]int{400, 480}, 0.15}, {[]int{560, 640, 720}, 0.05}, {[]int{1080, 1440}, 0.12}} {
		wrong := 0.0
		for _, width := range band.widths {
			for _, l := range []look{day, night} {
				text, err := r.Read(t.Context(), asJPEG(t, conversation(t, width, l, quarrel...), 80))
				require.NoError(t, err)
				wrong += float64(edits([]rune(want), []rune(bare.Replace(text)))) / float64(len([]rune(want))) / float64(2*len(band.widths))
			}
		}
		t.Logf("%v: %.3f wrong", band.widths, wrong)
		assert.LessOrEqual(t, wrong, band.most, "%v", band.widths)
	}
}

// bare leaves out what is not a character of the conversation.
var bare = strings.NewReplacer("对方：", "", "我：", "", "\n", "", " ", "", "，", "", ",", "")

// edits is how many characters have to be put in, taken away or changed to make b of a.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range a {
		corner := row[0]
		row[0] = i + 1
		for j, d := range b {
			least := min(row[j], row[j+1]) + 1
			if c == d {
				least = min(least, corner)
			} else {
				least = min(least, corner+1)
			}
			corner, row[j+1] = row[j+1], least
		}
	}
	return row[len(b)]
}

// TestDoubtfulWordsAreLeftOut: what the program takes for words at edges is none, what it doubts inside a row may be one.
func TestDoubtfulWordsAreLeftOut(t *testing.T) {
	line := func(n, left, height int, sure, text string) string {
		return fmt.Sprintf("5\t1\t1\t1\t%d\t1\t%d\t%d\t30\t%d\t%s\t%s\n", n, left, 100*n, height, sure, text)
	}
	all, sure := rows(line(1, 0, 30, "8", "国") + line(1, 200, 30, "96.5", "不") + line(1, 240, 30, "12", "还") +
		line(1, 320, 30, "0.0", "口") + line(1, 360, 30, "93.5", "钱") + line(2, 200, 30, "38", "四") + line(3, 1, 1, "x", "坏"))
	require.Len(t, all, 1)
	assert.Equal(t, "不还钱", all[0].text)
	assert.InDelta(t, (96.5+12+93.5)/3, sure, 0.1)
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
