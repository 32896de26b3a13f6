package crisis

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"wenzhu/knowledge/softmax"
)

// classes are what a window can tell of, in the order of the weights.
const (
	calm = iota
	suicide
	near
	violence
	minor
	classes
)

// Dangers are the classes in the order of the weights.
var Dangers = [classes]Danger{Safe, Suicide, Close, Violence, Minor}

// weights.bin is made by knowledge/crisis/train: see Weights.
//
//go:embed weights.bin
var weightsFile []byte

// Weights are the learnt part: for each known gram and each dense feature one weight a class.
type Weights struct {
	Concepts []string // the names that the dense weights were learnt for
	Grams    map[uint32][classes]int8
	Scale    float64 // of the weights of grams: those are kept in steps of it
	Dense    [][classes]float32
}

// Pack writes weights as a file.
func (w *Weights) Pack() []byte {
	names := strings.Join(w.Concepts, " ")
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(names))) //nolint:gosec // small
	b = append(b, names...)
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(w.Scale)))
	for _, row := range w.Dense {
		for _, v := range row {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	}
	var keys []uint32
	for g := range w.Grams {
		keys = append(keys, g)
	}
	slices.Sort(keys)
	for _, g := range keys {
		b = binary.LittleEndian.AppendUint32(b, g)
		for _, v := range w.Grams[g] {
			b = append(b, byte(v))
		}
	}
	return b
}

// unpack reads such a file. Weights learnt for other concepts are refused: they would mean nothing.
func unpack(b []byte, concepts []string) (*Weights, error) {
	stale := fmt.Errorf("crisis/weights.bin is not of these concepts: run go run ./knowledge/crisis/train")
	if len(b) < 4 {
		return nil, stale
	}
	size := int(binary.LittleEndian.Uint32(b))
	dense := denseSize(len(concepts))
	if len(b) < 8+size+4*classes*dense || string(b[4:4+size]) != strings.Join(concepts, " ") {
		return nil, stale
	}
	b = b[4+size:]
	float := func(at int) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b[at:])) }
	w := &Weights{Concepts: concepts, Scale: float64(float(0)), Dense: make([][classes]float32, dense)}
	for i := range w.Dense {
		for c := range classes {
			w.Dense[i][c] = float(4 + 4*(classes*i+c))
		}
	}
	b = b[4+4*classes*dense:]
	const entry = 4 + classes
	w.Grams = make(map[uint32][classes]int8, len(b)/entry)
	for ; len(b) >= entry; b = b[entry:] {
		var steps [classes]int8
		for c := range steps {
			steps[c] = int8(b[4+c])
		}
		w.Grams[binary.LittleEndian.Uint32(b)] = steps
	}
	return w, nil
}

// sums are the weights of all grams up to each unit, so that a window costs the same however long it is.
type sums struct {
	weight [classes]float32
	known  float32
}

func (w *Weights) sumUp(units []unit) []sums {
	all := make([]sums, len(units)+1)
	grams := make([]uint32, 0, longestGram+1)
	var seen recent
	for i := range units {
		all[i+1] = all[i]
		grams = gramsAt(units, i, grams[:0])
		for _, g := range grams {
			if row, ok := w.Grams[g]; ok && !seen.again(g, i) {
				all[i+1].known++
				for c, v := range row {
					all[i+1].weight[c] += float32(v)
				}
			}
		}
	}
	return all
}

// probabilities of the classes for a window.
func (w *Weights) probabilities(all []sums, win window, s said) (p [classes]float64) {
	known := max(1, all[win.to].known-all[win.from].known)
	share := w.Scale / math.Sqrt(float64(known))
	for c := range p {
		p[c] = share * float64(all[win.to].weight[c]-all[win.from].weight[c])
	}
	s.dense(len(w.Concepts), func(index int, value float64) {
		for c := range p {
			p[c] += value * float64(w.Dense[index][c])
		}
	})
	softmax.InPlace(p[:])
	return p
}
