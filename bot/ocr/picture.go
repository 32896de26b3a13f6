package ocr

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"

	"golang.org/x/image/draw"
)

// check refuses what is no picture, or one that would unpack to too much, before anything decodes it.
func check(picture []byte) error {
	if len(picture) > bytesMost {
		return fmt.Errorf("%w: %d bytes", ErrImage, len(picture))
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrImage, err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > sideMost || c.Height > sideMost || c.Width*c.Height > pixelsMost {
		return fmt.Errorf("%w: %d by %d pixels", ErrImage, c.Width, c.Height)
	}
	return nil
}

// Pictures are enlarged by a whole number, up to wide pixels, at most enlargedMost times and not beyond enlargedPixels,
// which keeps the time: the program reads characters about 30 pixels high best, and pictures stretched by a fraction worse
// than they are. See TestSmallPicturesAreRead for what came of it.
const (
	wide           = 1100
	enlargedMost   = 4
	enlargedPixels = 6_000_000
)

// upright decodes a picture in shades of grey, turned as its camera says. Dark pictures stay dark: the program's own
// thresholding reads them better than their negatives, measured on drawn conversations 800 pixels wide.
func upright(picture []byte) (*image.Gray, error) {
	decoded, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrImage, err)
	}
	grey := turned(decoded, orientation(picture))
	flatten(grey)
	hidePortraits(grey)
	return enlarged(grey), nil
}

func enlarged(p *image.Gray) *image.Gray {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	times := min(wide/w, enlargedMost)
	for times > 1 && times*times*w*h > enlargedPixels {
		times--
	}
	if times <= 1 {
		return p
	}
	large := image.NewGray(image.Rect(0, 0, w*times, h*times))
	draw.CatmullRom.Scale(large, large.Rect, p, p.Rect, draw.Src, nil)
	return large
}

// flatten gives the grounds of a screenshot, those of the screen and of its bubbles, one shade each again: the program
// looks for words tile by tile, and in a tile without any it takes the faint noise of JPEG around an edge for some.
func flatten(p *image.Gray) {
	const (
		near    = 12 // shades of grey
		grounds = 4
		part    = 20 // a ground is one part of the picture in so many, at least
	)
	var count [256]int
	for _, v := range p.Pix {
		count[v]++
	}
	var to [256]byte
	for v := range to {
		to[v] = byte(v)
	}
	var taken [256]bool
	for range grounds {
		ground, most := 0, 0
		for v, n := range count {
			if !taken[v] && n > most {
				ground, most = v, n
			}
		}
		if most*part < len(p.Pix) {
			break
		}
		for v := max(0, ground-near); v <= min(255, ground+near); v++ {
			if !taken[v] {
				to[v], taken[v] = byte(ground), true
			}
		}
	}
	for i, v := range p.Pix {
		p.Pix[i] = to[v]
	}
}

// hidePortraits paints over the portraits that chats put at both edges: they are taken for words, and spoil the line
// beside them. A portrait is a block in the outer part of the picture, nearly square and filled, unlike any word.
func hidePortraits(p *image.Gray) {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	strip := w * 7 / 50
	const edge = 8 // the faint noise of JPEG reaches so far, in pixels
	for _, from := range []int{0, w - strip} {
		ground := p.GrayAt(min(from, w-1), 0).Y
		if from > 0 {
			ground = p.GrayAt(w-1, 0).Y
		}
		begin := -1
		for y := 0; y <= h; y++ {
			inked := y < h && inkOf(p, from, y, strip, ground) > strip/3
			switch {
			case inked && begin < 0:
				begin = y
			case !inked && begin >= 0:
				if tall := y - begin; tall > w*3/50 && tall < w*7/50 {
					paint(p, image.Rect(from, begin-edge, from+strip, y+edge), ground)
				}
				begin = -1
			}
		}
	}
}

// inkOf counts the pixels of a row, from x on, that differ from the ground.
func inkOf(p *image.Gray, x, y, n int, ground byte) int {
	const visible = 12 // shades of grey
	ink := 0
	for _, v := range p.Pix[y*p.Stride+x : y*p.Stride+x+n] {
		if d := int(v) - int(ground); d > visible || d < -visible {
			ink++
		}
	}
	return ink
}

func paint(p *image.Gray, r image.Rectangle, shade byte) {
	draw.Draw(p, r, image.NewUniform(color.Gray{Y: shade}), image.Point{}, draw.Src)
}

// turned is a picture in grey, by the eight orientations of EXIF: 3 upside down, 6 and 8 lying, the even ones mirrored.
func turned(p image.Image, how int) *image.Gray {
	b := p.Bounds()
	w, h := b.Dx(), b.Dy()
	lying := how >= 5
	out := image.NewGray(image.Rect(0, 0, w, h))
	if lying {
		out = image.NewGray(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			c := color.GrayModel.Convert(p.At(b.Min.X+x, b.Min.Y+y)).(color.Gray)
			to := [9][2]int{1: {x, y}, 2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {h - 1 - y, x}, 7: {h - 1 - y, w - 1 - x}, 8: {y, w - 1 - x}}[how]
			out.SetGray(to[0], to[1], c)
		}
	}
	return out
}

// orientation is how the camera was held, 1 to 8, from the EXIF part of a JPEG; 1 where it does not say.
func orientation(picture []byte) int {
	const upright = 1
	if !bytes.HasPrefix(picture, []byte{0xff, 0xd8}) {
		return upright
	}
	for at := 2; at+4 <= len(picture) && picture[at] == 0xff; {
		size := int(binary.BigEndian.Uint16(picture[at+2:]))
		part := picture[min(at+4, len(picture)):min(at+2+max(size, 2), len(picture))]
		if picture[at+1] == 0xe1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")) {
			return tiffOrientation(part[6:])
		}
		if picture[at+1] == 0xda { // the picture itself begins
			break
		}
		at += 2 + max(size, 2)
	}
	return upright
}

// tiffOrientation looks for tag 0x0112 in the first directory.
func tiffOrientation(tiff []byte) int {
	const upright, tag, entry = 1, 0x0112, 12
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 0 || at+2 > len(tiff) {
		return upright
	}
	n := int(order.Uint16(tiff[at:]))
	for i := range n {
		e := at + 2 + i*entry
		if e+entry > len(tiff) {
			break
		}
		if order.Uint16(tiff[e:]) != tag {
			continue
		}
		if v := int(order.Uint16(tiff[e+8:])); v >= 1 && v <= 8 {
			return v
		}
	}
	return upright
}

// pgm is a grey picture in the plainest format there is: nothing has to be packed and unpacked on the way.
func pgm(p *image.Gray) []byte {
	b := fmt.Appendf(nil, "P5\n%d %d\n255\n", p.Rect.Dx(), p.Rect.Dy())
	return append(b, p.Pix...)
}
