package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// stream makes the text of `go test -json` from events.
func stream(events ...event) string {
	var b strings.Builder
	for _, e := range events {
		raw, err := json.Marshal(e)
		if err != nil {
			panic(err)
		}
		b.Write(raw)
		b.WriteByte('\n')
	}
	return b.String()
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		in      string
		want    tally
		says    []string
		saysNot []string
	}{
		"passing tests keep quiet": {
			in: stream(
				event{Action: "output", Package: "p", Test: "TestA", Output: "--- PASS: TestA\n"},
				event{Action: "pass", Package: "p", Test: "TestA"},
				event{Action: "pass", Package: "p", Test: "TestA/one"},
				event{Action: "pass", Package: "p", Elapsed: 1.25}),
			want: tally{passed: 2}, says: []string{"ok\tp\t1.2s"}, saysNot: []string{"TestA"},
		},
		"a failed test says what it said": {
			in: stream(
				event{Action: "output", Package: "p", Test: "TestA", Output: "    a_test.go:3: got 1\n"},
				event{Action: "fail", Package: "p", Test: "TestA"},
				event{Action: "output", Package: "p", Output: "FAIL\n"},
				event{Action: "fail", Package: "p"}),
			want: tally{failed: 1}, says: []string{"got 1", "FAIL\tp"},
		},
		"a package that does not build": {
			in: stream(
				event{Action: "build-output", ImportPath: "p", Output: "./a.go:1: broken\n"},
				event{Action: "output", Package: "p", Output: "FAIL\tp [build failed]\n"},
				event{Action: "fail", Package: "p"}),
			want: tally{failed: 1}, says: []string{"broken", "[build failed]"},
		},
		"a panic shows what the test had said": {
			in: stream(
				event{Action: "output", Package: "p", Test: "TestA", Output: "panic: oh\n"},
				event{Action: "fail", Package: "p"}),
			want: tally{failed: 1}, says: []string{"panic: oh"},
		},
		"skips are grouped by reason": {
			in: stream(
				event{Action: "output", Package: "p", Test: "TestA", Output: "=== RUN   TestA\n"},
				event{Action: "output", Package: "p", Test: "TestA", Output: "    a_test.go:3: no server\n"},
				event{Action: "output", Package: "p", Test: "TestA", Output: "--- SKIP: TestA (0.00s)\n"},
				event{Action: "skip", Package: "p", Test: "TestA"},
				event{Action: "output", Package: "p", Test: "TestB", Output: "    b_test.go:9: no server\n"},
				event{Action: "skip", Package: "p", Test: "TestB"},
				event{Action: "pass", Package: "p"}),
			want: tally{skipped: 2}, says: []string{"skipped: 2 × no server"},
		},
		"nothing at all is a failure": {want: tally{failed: 1}, says: []string{"no test was run"}},
		"the go command's own words": {
			in:   "go: cannot find main module\n",
			want: tally{failed: 1}, says: []string{"cannot find main module"},
		},
	} {
		var out strings.Builder
		got, err := read(strings.NewReader(c.in), &out)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
		for _, s := range c.says {
			if !strings.Contains(out.String(), s) {
				t.Errorf("%s: %q is not in %q", name, s, out.String())
			}
		}
		for _, s := range c.saysNot {
			if strings.Contains(out.String(), s) {
				t.Errorf("%s: %q is in %q", name, s, out.String())
			}
		}
	}
}
