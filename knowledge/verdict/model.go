package verdict

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math"
)

// Buckets is how many weights a label has: character 1- to 3-grams are hashed into them.
const Buckets = 1 << 15

// Model is a multinomial logistic regression. One byte a weight, with one scale.
type Model struct {
	Bias    [5]float32
	Scale   float32
	Weights [5][]int8
}

// Features are the hashed character grams of a text, each once, with the weight that makes their squares add up to 1.
func Features(text string) map[uint32]float64 {
	runes := []rune(text)
	grams := make(map[uint32]float64)
	for n := 1; n <= 3; n++ {
		for i := 0; i+n <= len(runes); i++ {
			h := fnv.New32a()
			_, _ = h.Write([]byte(string(runes[i : i+n])))
			grams[h.Sum32()%Buckets] = 1
		}
	}
	for g := range grams {
		grams[g] = 1 / math.Sqrt(float64(len(grams)))
	}
	return grams
}

// Probabilities are those of the labels, in the order of Labels.
func (m *Model) Probabilities(features map[uint32]float64) [5]float64 {
	var z, p [5]float64
	top := math.Inf(-1)
	for k := range z {
		z[k] = float64(m.Bias[k])
		for g, x := range features {
			z[k] += float64(m.Weights[k][g]) * float64(m.Scale) * x
		}
		top = max(top, z[k])
	}
	sum := 0.0
	for k := range z {
		p[k] = math.Exp(z[k] - top)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// ReadModel reads what Bytes wrote.
func ReadModel(b []byte) (*Model, error) {
	const head = 4 * 6
	if len(b) != head+5*Buckets {
		return nil, errors.New("weights.bin has the wrong size: run go run ./knowledge/verdict/train")
	}
	m := &Model{Scale: math.Float32frombits(binary.LittleEndian.Uint32(b))}
	for k := range m.Bias {
		m.Bias[k] = math.Float32frombits(binary.LittleEndian.Uint32(b[4+4*k:]))
		m.Weights[k] = make([]int8, Buckets)
		for g := range m.Weights[k] {
			m.Weights[k][g] = int8(b[head+k*Buckets+g])
		}
	}
	return m, nil
}

// Bytes is the model as a file.
func (m *Model) Bytes() []byte {
	b := binary.LittleEndian.AppendUint32(nil, math.Float32bits(m.Scale))
	for _, bias := range m.Bias {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(bias))
	}
	for _, weights := range m.Weights {
		for _, w := range weights {
			b = append(b, byte(w))
		}
	}
	return b
}
