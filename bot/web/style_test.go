package web

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	palette = regexp.MustCompile(`(?s):root \{(.*?)\}`)
	colour  = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`)
)

// palettes are the colours of the style sheet by name: light, then dark.
func palettes(t *testing.T) map[string]map[string]float64 {
	t.Helper()
	style, err := files.ReadFile("static/style.css")
	require.NoError(t, err)
	all := make(map[string]map[string]float64)
	for i, scheme := range []string{"light", "dark"} {
		all[scheme] = make(map[string]float64)
		for _, c := range colour.FindAllStringSubmatch(palette.FindAllStringSubmatch(string(style), -1)[i][1], -1) {
			all[scheme][c[1]] = luminance(t, c[2])
		}
	}
	return all
}

// luminance is the relative luminance of a colour. Source: WCAG 2.2, definition of relative luminance.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(hex, 16, 32)
	require.NoError(t, err)
	sum := 0.0
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		c := float64(n>>(8*i)&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestColoursHaveContrast: words at least 4.5 to 1, drawings 3 to 1, in both schemes.
func TestColoursHaveContrast(t *testing.T) {
	for least, pairs := range map[float64]string{
		4.5: "ink/paper ink/bubble ink/own ink/tint soft/paper soft/bubble soft/own accent/paper accent/bubble accent/own accent/tint " +
			"on-accent/accent danger/bubble on-danger/danger",
		3: "night/paper accent/bubble soft/bubble night/bubble",
	} {
		for scheme, colours := range palettes(t) {
			for pair := range strings.FieldsSeq(pairs) {
				words, ground, _ := strings.Cut(pair, "/")
				require.Contains(t, colours, words)
				require.Contains(t, colours, ground)
				light, dark := max(colours[words], colours[ground]), min(colours[words], colours[ground])
				assert.GreaterOrEqual(t, (light+0.05)/(dark+0.05), least, fmt.Sprint(scheme, " ", pair))
			}
		}
	}
}
