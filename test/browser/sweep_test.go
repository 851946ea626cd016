package browser

import (
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed testdata/axe.min.js
var axe string

//go:embed testdata/checks.js
var checks string

// ofColour are the rules of axe that the colour scheme can change; all others see the same page in both.
const ofColour = `["color-contrast", "link-in-text-block"]`

// TestSweep holds every kind of page against the bars of ui.md §8, §9 and §11: axe in light and dark at 1280 and 390 px, with what unfolds unfolded;
// nothing past the window at 320 px and between, nor with text at 200 %; nothing in the console, no request elsewhere; targets, keyboard, and the same ways on
// without scripts.
func TestSweep(t *testing.T) {
	w := theWorld(t)
	for _, r := range routes {
		t.Run(strings.ReplaceAll(r.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			g := guest{r.on, r.as}
			path, err := r.address(w, r.on, cookie(t, g))
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range sweep(t, borrowed(t, g), w.URL(r.on)+path, int64(max(r.status, http.StatusOK))) {
				t.Error(fault)
			}
		})
	}
}

// sweep returns what is wrong with a page.
func sweep(t *testing.T, tab *Tab, address string, status int64) []string {
	t.Helper()
	s := &sweeper{t: t, tab: tab}
	if got, err := tab.Open(address); err != nil || got != status {
		t.Fatalf("%s: %d %v, want %d", address, got, err, status)
	}
	s.load()
	s.look(1280, Light)
	s.clean("axe([])")
	s.clean("small()")
	s.keyboard()
	s.zoomed()
	s.unfolded()
	s.look(1280, Dark)
	s.clean("axe(" + ofColour + ")")
	s.look(390, Dark)
	s.clean("axe(" + ofColour + ")")
	s.look(390, Light)
	s.clean("axe([])")
	s.clean("small()")
	s.clean("overflow()")
	s.keyboard()
	s.zoomed()
	s.unfolded()
	for _, width := range []int64{320, 640, 1000} {
		s.look(width, Light)
		s.clean("overflow()")
	}
	s.look(1280, Light)
	s.without(address)
	return append(s.faults, tab.Problems()...)
}

// sweeper asks one page after the other question.
type sweeper struct {
	t      *testing.T
	tab    *Tab
	stage  string
	faults []string
}

func (s *sweeper) fault(format string, args ...any) {
	s.faults = append(s.faults, s.stage+": "+fmt.Sprintf(format, args...))
}

// load brings axe and the questions into the page.
func (s *sweeper) load() {
	s.t.Helper()
	for _, source := range []string{axe + "\ntrue", checks} {
		if _, err := Eval[bool](s.tab, source); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *sweeper) look(width int64, scheme Scheme) {
	s.t.Helper()
	s.stage = fmt.Sprintf("%d px, %s", width, scheme)
	if err := s.tab.Look(width, scheme); err != nil {
		s.t.Fatal(err)
	}
}

// ask evaluates one of essaimChecks.
func ask[T any](s *sweeper, question string) T {
	s.t.Helper()
	answer, err := Eval[T](s.tab, "essaimChecks."+question)
	if err != nil {
		s.t.Fatalf("%s: %s: %v", s.stage, question, err)
	}
	return answer
}

// clean asks for a list of faults that must be empty.
func (s *sweeper) clean(question string) {
	s.t.Helper()
	for _, fault := range ask[[]string](s, question) {
		s.fault("%s: %s", strings.SplitN(question, "(", 2)[0], fault)
	}
}

// zoomed looks for what leaves the window when text is twice as large.
func (s *sweeper) zoomed() {
	s.t.Helper()
	before := s.stage
	s.stage += ", text at 200 %"
	ask[bool](s, "zoom(200)")
	s.clean("overflow()")
	ask[bool](s, "zoom(100)")
	s.stage = before
}

// unfolded asks again with every fold and each dialog open, of what they hold.
func (s *sweeper) unfolded() {
	s.t.Helper()
	before := s.stage
	if ask[int](s, "details(true)") > 0 {
		s.stage = before + ", unfolded"
		s.clean(`axe([], "details")`)
		s.clean("small()")
		s.clean("overflow()")
		ask[int](s, "details(false)")
	}
	for _, i := range ask[[]int](s, "dialogs()") {
		s.stage = fmt.Sprintf("%s, dialog %d", before, i)
		ask[bool](s, fmt.Sprintf("dialog(%d, true)", i))
		s.clean(`axe([], "dialog[open]")`)
		s.clean("small()")
		s.clean("overflow()")
		ask[bool](s, fmt.Sprintf("dialog(%d, false)", i))
	}
	s.stage = before
}

// keyboard presses Tab from the top: the skip link comes first and leads to main, and Tab goes on to everything that can be used, where it is seen.
func (s *sweeper) keyboard() {
	s.t.Helper()
	stops := ask[int](s, "follow()")
	s.press(kb.Tab)
	if first := ask[string](s, "first()"); !strings.Contains(first, "skip-link") {
		s.fault("the first Tab comes to %s, not to the skip link", first)
	}
	for range stops + 2 {
		s.press(kb.Tab)
		ask[bool](s, "glance()")
	}
	s.clean("followed()")
	if there, err := Eval[bool](s.tab, `document.querySelector(".skip-link")?.focus(), document.activeElement.matches(".skip-link")`); err != nil {
		s.t.Fatal(err)
	} else if !there {
		return
	}
	s.press(kb.Enter)
	if got := ask[string](s, "arrived()"); got != "content" {
		s.fault("the skip link leads to %q", got)
	}
}

func (s *sweeper) press(keys string) {
	s.t.Helper()
	if err := s.tab.Do(chromedp.KeyEvent(keys)); err != nil {
		s.t.Fatal(err)
	}
}

// without loads the page again with scripts forbidden: the same links and forms are there.
func (s *sweeper) without(address string) {
	s.t.Helper()
	with := ask[[]string](s, "ways()")
	if err := s.tab.Script(false); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.tab.Open(address); err != nil {
		s.t.Fatal(err)
	}
	if _, err := Eval[bool](s.tab, checks); err != nil {
		s.t.Fatal(err)
	}
	plain := ask[[]string](s, "ways()")
	if len(plain) == 0 {
		s.fault("without scripts, nothing leads on")
	}
	for _, way := range with {
		if !slices.Contains(plain, way) {
			s.fault("only with scripts: %s", way)
		}
	}
	if err := s.tab.Script(true); err != nil {
		s.t.Fatal(err)
	}
}
