package peers_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// assertion is one line of the checker's output.
type assertion struct {
	Result struct {
		Outcome string `json:"outcome"`
		Info    string `json:"info"`
	} `json:"result"`
	Test struct {
		Slug string `json:"slug"`
	} `json:"test"`
}

// TestActivityPubTesting runs the checker on one actor of each kind: nothing failed, six passed or more. It may be
// unable to tell only where it posts to an outbox without leave.
func TestActivityPubTesting(t *testing.T) {
	t.Parallel()
	dir := peer(t, "activitypub-testing")
	e := startEssaim(t)
	nolwenn := e.member(t, "nolwenn")
	project := nolwenn.project(t)
	nolwenn.create(t, projectHandle, note("Une première nouvelle"))

	for kind, address := range map[string]string{"instance": e.url + "/actor", "person": nolwenn.actor(), "project": project} {
		t.Run(kind, func(t *testing.T) {
			out := run(t, dir, nil, filepath.Join(dir, "node"), "node_modules/activitypub-testing/src/cli.js", "test", "actor", address)
			passed := 0
			for line := range strings.Lines(out) {
				var a assertion
				if err := json.Unmarshal([]byte(line), &a); err != nil {
					t.Fatalf("the checker printed no assertion: %v: %s", err, line)
				}
				switch a.Result.Outcome {
				case "passed":
					passed++
				case "inapplicable":
				case "cantTell":
					if !strings.HasPrefix(a.Test.Slug, "outbox-post-") {
						t.Errorf("%s: the checker could not tell: %s", a.Test.Slug, a.Result.Info)
					}
				default:
					t.Errorf("%s: %s: %s", a.Test.Slug, a.Result.Outcome, a.Result.Info)
				}
			}
			if passed < 6 {
				t.Errorf("%d passed, want 6 or more:\n%s", passed, out)
			}
		})
	}
}
