package knowledge

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	b := embeddedBase(t)
	f, _ := os.Open("/tmp/zz.txt")
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 1<<20), 1<<20)
	for sc.Scan() {
		line := sc.Text()
		before := ""
		if i := strings.Index(line, "\t"); i >= 0 {
			before, line = line[:i], line[i+1:]
		}
		q := Question{Text: line, Before: before}
		if !b.words.follows(q) {
			q.Before = ""
		}
		qq := b.index.query(q)
		w := b.index.wishes(qq.text)
		hits, floor := b.index.search(q)
		s := ""
		for i, yes := range w.snippets {
			if yes {
				s += b.snippets[i].ID + " "
			}
		}
		a := b.find(Question{Text: line, Before: before})
		fmt.Printf("%.60s\n   near=%d bad=%v others=%v floor=%.1f wishes=[%s] parts=%v\n   ", line, qq.near, qq.bad, w.others, floor, s, ids(a.Parts))
		for _, h := range hits[:min(5, len(hits))] {
			fmt.Print(h, " ")
		}
		fmt.Println()
	}
}

func TestZK(t *testing.T) {
	b := embeddedBase(t)
	for _, x := range []struct {
		f string
		k Kind
	}{{"/tmp/refuse60.txt", Refuse}, {"/tmp/outside60.txt", None}, {"testdata/neighbours.txt", Refuse}} {
		c, _ := os.ReadFile(x.f)
		n, all := 0, 0
		for _, l := range strings.Split(strings.TrimSpace(string(c)), "\n") {
			all++
			a := b.find(Question{Text: l})
			if a.Kind == x.k {
				n++
			} else if x.f[:2] == "/t" {
				fmt.Println("  ", l, a.Kind, ids(a.Parts))
			}
		}
		fmt.Println(x.f, n, all)
	}
}

func TestZF(t *testing.T) {
	b := embeddedBase(t)
	n := 0
	for _, s := range b.snippets {
		if s.Kind == Refuse {
			continue
		}
		for _, l := range s.Asks {
			a := b.find(Question{Text: l})
			w := b.index.wishes(b.index.query(Question{Text: l}).text)
			for i, yes := range w.snippets {
				if yes && b.snippets[i].Kind == Refuse {
					n++
					fmt.Println(s.ID, l, "->", b.snippets[i].ID, a.Kind)
				}
			}
		}
	}
	fmt.Println("wrongly refusing", n)
}
