package text

import "strings"

// maxNest is how deep quotations and lists may nest in one line; nobody writes
// deeper, and the cost of a parser grows with the depth times the lines.
const maxNest = 12

// tame cuts the markers of quotations and lists past maxNest at the start of
// each line, and makes every line end a single line feed.
func tame(src string) string {
	src = strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
	if !strings.Contains(src, ">") && !strings.ContainsAny(src, "-*+.)") {
		return src
	}
	var b strings.Builder
	b.Grow(len(src))
	for line := range strings.SplitAfterSeq(src, "\n") {
		b.WriteString(tameLine(line))
	}
	return b.String()
}

func tameLine(line string) string {
	depth := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			continue
		case c >= '0' && c <= '9' && i+1 < len(line):
			continue
		case c == '>' || c == '-' || c == '*' || c == '+' || c == '.' || c == ')':
			if depth++; depth > maxNest {
				return line[:i] + strings.TrimLeft(line[i:], " \t>-*+.)0123456789")
			}
		default:
			return line
		}
	}
	return line
}

// maxMarks is how many signs of Markdown one paragraph may hold. The parser
// looks back over all of them at each one, so that a paragraph of nothing else
// would keep it busy for minutes; a text with more is not Markdown.
const maxMarks = 600

// dense tells whether a paragraph holds more than maxMarks signs.
func dense(src string) bool {
	marks := 0
	blank := true // the line so far
	for i := range len(src) {
		switch src[i] {
		case '*', '_', '~', '[', ']', '`', '<', '!':
			if marks++; marks > maxMarks {
				return true
			}
			blank = false
		case '\n':
			if blank {
				marks = 0
			}
			blank = true
		case ' ', '\t':
		default:
			blank = false
		}
	}
	return false
}
