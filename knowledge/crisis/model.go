package crisis

import (
	_ "embed"
	"encoding/binary"
	"math"
	"slices"
)

// Buckets is how many weights the learnt part has: character 1- to 3-grams are hashed into them.
const Buckets = 1 << 14

// weights.bin: bias and scale as float32, then one signed byte a bucket. Made by knowledge/crisis/train.
//
//go:embed weights.bin
var learnt []byte

const learntHead = 8

// Features are the hashed grams of a sentence, their squares adding up to 1.
func Features(text string) map[uint32]float64 {
	grams := make(map[uint32]float64)
	for _, g := range hashed(known.undisguise(text)) {
		grams[g] = 1
	}
	for g := range grams {
		grams[g] = 1 / math.Sqrt(float64(len(grams)))
	}
	return grams
}

// hashed are the buckets of all grams, each once, sorted.
func hashed(text string) []uint32 {
	runes := []rune(text)
	all := make([]uint32, 0, 3*len(runes))
	for i := range runes {
		h := uint32(2166136261)
		for n := 0; n < 3 && i+n < len(runes); n++ {
			h = (h ^ uint32(runes[i+n])) * 16777619
			h ^= h >> 15
			all = append(all, (h+uint32(n)*0x9e3779b9)%Buckets)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Pack is the learnt part as a file.
func Pack(bias float64, weights []float64) []byte {
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

// sounds is the probability that a sentence, without disguises, tells of danger, by its wording.
func sounds(sentence string) float64 {
	if len(learnt) != learntHead+Buckets {
		return 0
	}
	z := float64(math.Float32frombits(binary.LittleEndian.Uint32(learnt)))
	scale := float64(math.Float32frombits(binary.LittleEndian.Uint32(learnt[4:])))
	grams := hashed(sentence)
	sum := 0
	for _, g := range grams {
		sum += int(int8(learnt[learntHead+int(g)]))
	}
	if len(grams) > 0 {
		z += float64(sum) * scale / math.Sqrt(float64(len(grams)))
	}
	return 1 / (1 + math.Exp(-z))
}
