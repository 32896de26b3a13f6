package verdict

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// LookBuckets is how many weights the question of Looks has: grams and orders are hashed into them.
const LookBuckets = 1 << 15

// looks is a logistic regression: does a text look received, or like somebody's own words? One byte a weight.
type looks struct {
	bias, scale float64
	weights     []byte
}

const looksHead = 8

func readLooks(b []byte) (*looks, error) {
	if len(b) != looksHead+LookBuckets {
		return nil, errors.New("looks.bin has the wrong size: run go run ./knowledge/verdict/train")
	}
	float := func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) }
	return &looks{float(b), float(b[4:]), b[looksHead:]}, nil
}

// PackLooks is the file of a bias and weights.
func PackLooks(bias float64, weights []float64) []byte {
	largest := 1e-9
	for _, w := range weights {
		largest = max(largest, math.Abs(w))
	}
	b := binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(bias)))
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(largest/127)))
	for _, w := range weights {
		b = append(b, byte(int8(math.Round(w/largest*127))))
	}
	return b
}

// lookFigures are those of the message that Looks sees too, each a bucket of its own.
var lookFigures = []string{"signed", "link", "phone-mobile", "amount", "figure-formal-you", "figure-question", "figure-short", "figure-long", "figure-i", "figure-lines", "masked-tail"}

// LookFeatures are the buckets of a text, each once, sorted.
func (c *Checker) LookFeatures(text string) []uint32 {
	f := c.Features(Message{Text: text})
	all := make([]uint32, 0, len(f.Grams)+len(f.Orders)+8)
	for _, set := range [][]uint32{f.Grams, f.Orders} {
		for _, h := range set {
			all = append(all, (h^h>>17)%(LookBuckets-uint32(len(lookFigures))))
		}
	}
	for _, d := range f.Dense {
		if at := slices.Index(lookFigures, c.dense[d.Index]); at >= 0 {
			all = append(all, uint32(LookBuckets-1-at)) //nolint:gosec // a short list
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Looks says from 0 to 1 how much a text looks like a message that somebody received rather than their own words.
func (c *Checker) Looks(text string) float64 {
	features := c.LookFeatures(text)
	if len(features) == 0 {
		return 0
	}
	sum := 0
	for _, f := range features {
		sum += int(int8(c.looks.weights[f])) //nolint:gosec // signed bytes
	}
	z := c.looks.bias + float64(sum)*c.looks.scale/math.Sqrt(float64(len(features)))
	return 1 / (1 + math.Exp(-z))
}
