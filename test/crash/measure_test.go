package crash_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/internal/loadtest"
)

// The measuring of cmd/loadtest runs to its end and fills its table; a small one, since its figures are for people.
func TestMeasure(t *testing.T) {
	t.Parallel()
	table, err := loadtest.Measure(lifetime(t), loadtest.Plan{Binary: program(t), Notes: 200, Hosts: 12, Slow: 0.1, SlowBy: 200 * time.Millisecond, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"binary", "first contact", "fan-out to 12 hosts", "1 of 12 hosts answer after 200ms", "fan-out by RFC 9421", "inbox", "memory at rest", "start"} {
		if !slices.ContainsFunc(table.Rows, func(r loadtest.Row) bool { return strings.HasPrefix(r.What, what) && r.Result != "" && r.Budget != "" }) {
			t.Errorf("the table says nothing of %s", what)
		}
	}
}
