package main

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"

	"wenzhu/knowledge/verdict"
)

// pack writes fitted weights as the two files that the checker reads: divided by the temperature, grams in one byte each.
func (f *fitted) pack(names []string, temperature float64, made verdict.Made) (about, grams []byte, err error) {
	m := verdict.Model{Made: made, Dense: make(map[string][labels]float64)}
	weights := func(at int, scale float64) (w [labels]float64) {
		for k := range w {
			w[k] = f.weights[at*labels+k] * scale / temperature
		}
		return w
	}
	m.Bias = weights(f.size()-1, 1)
	for i, name := range names {
		if w := weights(i, f.set.Signals); w != ([labels]float64{}) {
			for k := range w {
				w[k] = math.Round(w[k]*1e4) / 1e4
			}
			m.Dense[name] = w
		}
	}
	largest := 1e-9
	hashes := make([]uint32, 0, len(f.grams))
	for hash, at := range f.grams {
		hashes = append(hashes, hash)
		for _, w := range weights(int(at), f.scale(hash)) {
			largest = math.Max(largest, math.Abs(w))
		}
	}
	m.Scale = largest / 127
	slices.Sort(hashes)
	for _, hash := range hashes {
		bytes := [labels]byte{}
		for k, w := range weights(int(f.grams[hash]), f.scale(hash)) {
			bytes[k] = byte(int8(math.Round(w / m.Scale)))
		}
		if bytes != ([labels]byte{}) {
			grams = append(binary.LittleEndian.AppendUint32(grams, hash), bytes[:]...)
		}
	}
	about, err = json.MarshalIndent(m, "", " ")
	return append(about, '\n'), grams, err
}

// scale is that of the block to which a hash belongs.
func (f *fitted) scale(hash uint32) float64 {
	if f.orders[hash] {
		return f.set.Orders
	}
	return f.set.Grams
}
