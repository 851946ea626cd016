// Command report reads `go test -json` on its standard input and prints what a person wants of it: a line per package,
// everything a failed test or a package that does not build said, and once each reason for which tests were left out.
//
// With -counts FILE it adds one line "passed failed skipped" to the file; test.sh sums them. It exits with status 1 when
// anything failed. It refuses to judge: an input without any result is a failure.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

func main() {
	counts := flag.String("counts", "", "file to which a line `passed failed skipped` is added")
	flag.Parse()
	t, err := read(os.Stdin, os.Stdout)
	if err == nil && *counts != "" {
		err = appendLine(*counts, fmt.Sprintf("%d %d %d\n", t.passed, t.failed, t.skipped))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(2)
	}
	if t.failed > 0 {
		os.Exit(1)
	}
}

func appendLine(path, line string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(line); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// event is one line of `go test -json` (see `go doc test2json`).
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output
	Test       string
	Elapsed    float64
	Output     string
}

// tally is the outcome of one run; subtests count like tests.
type tally struct{ passed, failed, skipped int }

// reader keeps what each running test said until its outcome is known.
type reader struct {
	out     io.Writer
	total   tally
	said    map[string]*strings.Builder // by package and test
	failing map[string]bool             // packages with a failed test
	reasons map[string]int
}

func read(in io.Reader, out io.Writer) (tally, error) {
	r := reader{out: out, said: map[string]*strings.Builder{}, failing: map[string]bool{}, reasons: map[string]int{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var e event
			if json.Unmarshal([]byte(line), &e) == nil && e.Action != "" {
				r.event(e)
			} else {
				fmt.Fprint(out, line) // the go command itself, speaking outside the stream
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return r.total, err
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(r.reasons)) {
		fmt.Fprintf(out, "skipped: %d × %s\n", r.reasons[reason], reason)
	}
	if r.total == (tally{}) {
		fmt.Fprintln(out, "FAIL\tno test was run")
		r.total.failed++
	}
	return r.total, nil
}

func (r *reader) event(e event) {
	key := e.Package + "\x00" + e.Test
	switch e.Action {
	case "output":
		if r.said[key] == nil {
			r.said[key] = &strings.Builder{}
		}
		r.said[key].WriteString(e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "skip", "fail":
		text := ""
		if said := r.said[key]; said != nil {
			text = said.String()
		}
		delete(r.said, key)
		if e.Test == "" {
			r.packageEnds(e, text)
		} else {
			r.testEnds(e, text)
		}
	}
}

func (r *reader) testEnds(e event, text string) {
	switch e.Action {
	case "pass":
		r.total.passed++
	case "skip":
		r.total.skipped++
		r.reasons[reason(text)]++
	case "fail":
		r.total.failed++
		r.failing[e.Package] = true
		fmt.Fprint(r.out, text)
	}
}

func (r *reader) packageEnds(e event, text string) {
	switch {
	case e.Action == "skip": // no test files
	case e.Action == "pass":
		fmt.Fprintf(r.out, "ok\t%s\t%.1fs\n", e.Package, e.Elapsed)
	case r.failing[e.Package]:
		r.unfinished(e.Package)
		fmt.Fprintf(r.out, "FAIL\t%s\t%.1fs\n", e.Package, e.Elapsed)
	default: // it does not build, a panic ended it, or TestMain refused
		r.unfinished(e.Package)
		fmt.Fprint(r.out, text)
		r.total.failed++
	}
}

// unfinished prints what tests without an outcome had said when their package ended: a panic or a time limit is in there.
func (r *reader) unfinished(pkg string) {
	for _, key := range slices.Sorted(maps.Keys(r.said)) {
		if strings.HasPrefix(key, pkg+"\x00") {
			fmt.Fprint(r.out, r.said[key].String())
			delete(r.said, key)
		}
	}
}

var frame = regexp.MustCompile(`^(=== |--- SKIP)`)

// reason takes from the output of a skipped test the words given to Skip, without the place they were said at.
func reason(text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || frame.MatchString(line) {
			continue
		}
		if i := strings.Index(line, ".go:"); i >= 0 {
			if _, words, found := strings.Cut(line[i+len(".go:"):], ": "); found {
				return words
			}
		}
		return line
	}
	return "no reason given"
}
