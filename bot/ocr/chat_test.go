package ocr

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// line is what somebody says in a drawn conversation.
type line struct {
	own  bool
	text string
}

// look is how a phone shows it.
type look struct{ ground, theirs, own, ink, ownInk color.Color }

var (
	day   = look{color.Gray{0xed}, color.White, color.RGBA{0x95, 0xec, 0x69, 255}, color.Black, color.Black}
	night = look{color.Gray{0x11}, color.Gray{0x2c}, color.RGBA{0x3e, 0xb5, 0x75, 255}, color.Gray{0xd5}, color.Gray{0x11}}
)

func face(t *testing.T, size float64) font.Face {
	t.Helper()
	content, err := os.ReadFile("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("no Chinese font: make tools")
	}
	require.NoError(t, err)
	fonts, err := opentype.ParseCollection(content)
	require.NoError(t, err)
	chosen, err := fonts.Font(2)
	require.NoError(t, err)
	f, err := opentype.NewFace(chosen, &opentype.FaceOptions{Size: size, DPI: 72})
	require.NoError(t, err)
	return f
}

// conversation draws a chat as phones show it, width pixels wide: their bubbles on the left, own ones on the right, with
// portraits at the edges and a time in the middle.
func conversation(t *testing.T, width int, l look, lines ...line) *image.RGBA {
	t.Helper()
	unit := width / 25
	f := face(t, float64(unit)*1.05)
	p := image.NewRGBA(image.Rect(0, 0, width, unit*(4+5*len(lines))))
	fill := func(x0, y0, x1, y1 int, c color.Color) {
		draw.Draw(p, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	write := func(x, y int, c color.Color, text string) {
		(&font.Drawer{Dst: p, Src: image.NewUniform(c), Face: f, Dot: fixed.P(x, y)}).DrawString(text)
	}
	fill(0, 0, width, p.Rect.Dy(), l.ground)
	write(width/2-unit*3/2, unit*2, color.Gray{0x80}, "晚上 10:21")
	y := unit * 3
	for _, s := range lines {
		runes, rows := []rune(s.text), 1
		if len(runes) > 15 {
			rows = 2
		}
		wide := min(len(runes), 15)*unit*21/20 + unit
		x, bubble, ink := unit*4, l.theirs, l.ink
		fill(unit, y, unit*3, y+unit*2, color.RGBA{0x50, 0x70, 0x90, 255})
		if s.own {
			x, bubble, ink = width-unit*4-wide, l.own, l.ownInk
			fill(unit, y, unit*3, y+unit*2, l.ground)
			fill(width-unit*3, y, width-unit, y+unit*2, color.RGBA{0x90, 0x70, 0x50, 255})
		}
		fill(x, y, x+wide, y+unit*(1+rows*3/2), bubble)
		for i := range rows {
			write(x+unit/2, y+unit*(3+3*i)/2, ink, string(runes[15*i:min(15*i+15, len(runes))]))
		}
		y += unit * 5
	}
	return p
}

func asJPEG(t *testing.T, p image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, p, &jpeg.Options{Quality: quality}))
	return b.Bytes()
}

func asPNG(t *testing.T, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, p))
	return b.Bytes()
}

var quarrel = []line{
	{false, "您的借款已经逾期，今天下午三点前不还就上门催收"},
	{true, "我现在没有钱，等我发工资"},
	{false, "不还就给你通讯录每个人打电话"},
	{true, "别打给我家人"},
}
