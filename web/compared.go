package web

import (
	"regexp"

	"essaim/internal/text"
)

// changedLine is a line of plain text that came, went, or stayed.
type changedLine struct {
	Text       string
	Came, Went bool
}

// lineEnd is where a line of sanitised HTML ends.
var lineEnd = regexp.MustCompile(`</(?:p|li|h[1-6]|blockquote|pre|div)>|<br ?/?>|\n`)

// lines are those of the plain text, without the empty ones.
func lines(html string) (all []string) {
	for _, part := range lineEnd.Split(html, -1) {
		if line := text.Plain(part); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// mostCompared bounds the work of one comparison, in pairs of lines; past it everything between what both begin and end with is told as replaced.
const mostCompared = 200_000

// compared merges two texts, line by line: what stayed once (their longest common subsequence), what went before what came.
func compared(was, now []string) (all []changedLine) {
	head, tail := 0, 0
	for head < len(was) && head < len(now) && was[head] == now[head] {
		head++
	}
	for tail < len(was)-head && tail < len(now)-head && was[len(was)-1-tail] == now[len(now)-1-tail] {
		tail++
	}
	for _, line := range now[:head] {
		all = append(all, changedLine{Text: line})
	}
	all = append(all, between(was[head:len(was)-tail], now[head:len(now)-tail])...)
	for _, line := range now[len(now)-tail:] {
		all = append(all, changedLine{Text: line})
	}
	return all
}

func between(was, now []string) (all []changedLine) {
	wide := len(now) + 1
	common := make([]int, 0)
	if len(was)*len(now) <= mostCompared {
		common = make([]int, (len(was)+1)*wide) // common[i*wide+j]: of was[i:] and now[j:]
		for i := len(was) - 1; i >= 0; i-- {
			for j := len(now) - 1; j >= 0; j-- {
				if was[i] == now[j] {
					common[i*wide+j] = common[(i+1)*wide+j+1] + 1
				} else {
					common[i*wide+j] = max(common[(i+1)*wide+j], common[i*wide+j+1])
				}
			}
		}
	}
	i, j := 0, 0
	for i < len(was) || j < len(now) {
		switch {
		case len(common) > 0 && i < len(was) && j < len(now) && was[i] == now[j]:
			all = append(all, changedLine{Text: now[j]})
			i, j = i+1, j+1
		case i < len(was) && (len(common) == 0 || j == len(now) || common[(i+1)*wide+j] >= common[i*wide+j+1]):
			all = append(all, changedLine{Text: was[i], Went: true})
			i++
		default:
			all = append(all, changedLine{Text: now[j], Came: true})
			j++
		}
	}
	return all
}
