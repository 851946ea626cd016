package search

import (
	"cmp"
	"slices"

	"essaim/internal/store"
)

// allowed is how many slips of the pen a word of so many letters may hold.
func allowed(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}

// distance is how many slips part a from b, up to most, beyond which it is most + 1: a letter too many, one missing, another one, or two neighbours
// swapped (optimal string alignment).
func distance(a, b []rune, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], most+1)
}

// nearest is the word of a list that was most likely meant: the one with the fewest slips, then the commonest, then the first by the alphabet; "" when
// there is none, or when the word itself is in the list under any of its forms.
func nearest(word string, known []store.WordCount) string {
	letters := []rune(word)
	most, stem := allowed(len(letters)), Stem(word)
	type candidate struct {
		store.WordCount
		slips int
	}
	var found []candidate
	for _, k := range known {
		if k.Word == word || Stem(k.Word) == stem {
			return ""
		}
		if slips := distance(letters, []rune(k.Word), most); slips <= most {
			found = append(found, candidate{k, slips})
		}
	}
	if most == 0 || len(found) == 0 {
		return ""
	}
	best := slices.MinFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.slips, b.slips), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Word, b.Word))
	})
	return best.Word
}
