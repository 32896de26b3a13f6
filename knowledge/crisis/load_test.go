package crisis

import "testing"

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := load(conceptsText, weightsFile, rulesText); err != nil {
			b.Fatal(err)
		}
	}
}
