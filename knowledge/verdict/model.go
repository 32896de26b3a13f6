package verdict

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"wenzhu/knowledge/softmax"
)

// Model is a multinomial logistic regression over named features and grams. Its weights are already divided by the
// temperature that makes its probabilities honest.
type Model struct {
	Made  Made                  `json:"made"`
	Bias  [5]float64            `json:"bias"`
	Dense map[string][5]float64 `json:"dense"`
	Scale float64               `json:"scale"` // of the bytes of the gram weights
	dense [][5]float64          // by index
	table []gramWeight
}

// Made says how weights came about.
type Made struct {
	Command  string            `json:"command"`
	Data     string            `json:"data"` // SHA-256 of the training files, in order of their names
	Messages int               `json:"messages"`
	Figures  map[string]string `json:"figures"`
}

type gramWeight struct {
	hash    uint32
	used    bool
	weights [5]int8
}

// gramBytes is how long a gram is in weights.bin: its hash and a signed byte for each label.
const gramBytes = 4 + 5

// ReadModel reads weights.json and weights.bin. names are the dense features in their order.
func ReadModel(about, grams []byte, names []string) (*Model, error) {
	m := new(Model)
	if err := json.Unmarshal(about, m); err != nil {
		return nil, fmt.Errorf("weights.json: %w", err)
	}
	if len(grams)%gramBytes != 0 {
		return nil, errors.New("weights.bin has the wrong size: run go run ./knowledge/verdict/train")
	}
	m.dense = make([][5]float64, len(names))
	for i, name := range names {
		m.dense[i] = m.Dense[name]
	}
	size := 16
	for size < len(grams)/gramBytes*2 {
		size *= 2
	}
	m.table = make([]gramWeight, size)
	for ; len(grams) > 0; grams = grams[gramBytes:] {
		g := gramWeight{hash: binary.LittleEndian.Uint32(grams), used: true}
		for k := range g.weights {
			g.weights[k] = int8(grams[4+k]) //nolint:gosec // signed bytes
		}
		i := int(g.hash) & (size - 1)
		for m.table[i].used {
			i = (i + 1) & (size - 1)
		}
		m.table[i] = g
	}
	return m, nil
}

// gram are the weights of a gram, nil when it has none.
func (m *Model) gram(hash uint32) *[5]int8 {
	for i := int(hash) & (len(m.table) - 1); m.table[i].used; i = (i + 1) & (len(m.table) - 1) {
		if m.table[i].hash == hash {
			return &m.table[i].weights
		}
	}
	return nil
}

// Logits are the sums of the weights for each label, in the order of Labels.
func (m *Model) Logits(f Features) [5]float64 {
	z := m.Bias
	for _, d := range f.Dense {
		for k, w := range m.dense[d.Index] {
			z[k] += w * d.Value
		}
	}
	for _, block := range [][]uint32{f.Orders, f.Grams} {
		m.addBlock(block, &z)
	}
	return z
}

// addBlock adds the weights of hashed features, divided by the root of how many of them are known.
func (m *Model) addBlock(block []uint32, z *[5]float64) {
	var sum [5]int
	known := 0
	for _, hash := range block {
		if w := m.gram(hash); w != nil {
			known++
			for k := range sum {
				sum[k] += int(w[k])
			}
		}
	}
	if known > 0 {
		for k := range z {
			z[k] += float64(sum[k]) * m.Scale / math.Sqrt(float64(known))
		}
	}
}

// Softmax are the probabilities of logits.
func Softmax(z [5]float64) [5]float64 {
	softmax.InPlace(z[:])
	return z
}
