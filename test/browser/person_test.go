package browser

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed testdata/person.js
var personScript string

// person is somebody at a browser, in a story. They find things by the words on them. At the end nothing may have gone wrong in their console.
type person struct {
	t    *testing.T
	tab  *Tab
	home string // origin of the instance they use
	bare bool   // no script runs in their browser
}

// visitor opens a browser of their own on an instance.
func visitor(t *testing.T, home, lang string) *person {
	t.Helper()
	p := &person{t: t, tab: tab(t, lang), home: home}
	t.Cleanup(func() {
		for _, fault := range p.tab.Problems() {
			t.Errorf("%s: %s", home, fault)
		}
		if t.Failed() {
			if path, err := Eval[string](p.tab, `location.href + "\n" + document.body.innerText.slice(0, 1500)`); err == nil {
				t.Logf("the person is at %s", path)
			}
		}
	})
	return p
}

// without forbids scripts in their browser.
func (p *person) without() {
	p.t.Helper()
	p.bare = true
	if err := p.tab.Script(false); err != nil {
		p.t.Fatal(err)
	}
}

// goes opens an address of the instance, or a whole one.
func (p *person) goes(address string) {
	p.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = p.home + address
	}
	if _, err := p.tab.Open(address); err != nil {
		p.t.Fatal(err)
	}
}

// opens goes where the first link that a CSS selector finds leads.
func (p *person) opens(selector string) {
	p.t.Helper()
	address, err := Eval[string](p.tab, "document.querySelector("+quoted(selector)+").href")
	if err != nil {
		p.t.Fatalf("%s: %v", selector, err)
	}
	p.goes(address)
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can always be written
	}
	return string(b)
}

// does asks the script of the page's words; it is brought again into every new page.
func does[T any](p *person, function string, args ...string) T {
	p.t.Helper()
	for i, a := range args {
		args[i] = quoted(a)
	}
	answer, err := Eval[T](p.tab, `globalThis.essaimPerson || (() => {`+personScript+`})(); essaimPerson.`+function+`(`+strings.Join(args, ", ")+`)`)
	if err != nil {
		p.t.Fatalf("%s(%s): %v", function, strings.Join(args, ", "), err)
	}
	return answer
}

// presses clicks what bears these words and stays on the page.
func (p *person) presses(label string) {
	p.t.Helper()
	at := does[[]float64](p, "spot", label)
	if err := p.tab.Do(chromedp.MouseClickXY(at[0], at[1])); err != nil {
		p.t.Fatal(err)
	}
}

// clicks presses a link or a button that leads to another page, and waits for that.
func (p *person) clicks(label string) {
	p.t.Helper()
	p.presses(label)
	p.arrives(label)
}

// arrives waits until another page stands.
func (p *person) arrives(after string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		// Between two pages there is nothing to ask: an error is "not yet".
		if there, err := Eval[bool](p.tab, `!globalThis.essaimHere && document.readyState === "complete"`); err == nil && there {
			return
		}
	}
	p.t.Fatalf("“%s” leads nowhere", after)
}

// reaches waits until a page of another place stands.
func (p *person) reaches(place string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if there, err := Eval[bool](p.tab, `location.origin === `+quoted(place)+` && document.readyState === "complete"`); err == nil && there {
			return
		}
	}
	p.t.Fatalf("%s is never reached from %s", place, p.at())
}

// ticks clicks a radio button or a box.
func (p *person) ticks(label string) {
	p.t.Helper()
	at := does[[]float64](p, "tick", label)
	if err := p.tab.Do(chromedp.MouseClickXY(at[0], at[1])); err != nil {
		p.t.Fatal(err)
	}
}

// fills types into a field instead of what is there.
func (p *person) fills(label, value string) {
	p.t.Helper()
	does[bool](p, "focus", label)
	if err := p.tab.Do(command(input.InsertText, input.InsertTextParams{Text: value})); err != nil {
		p.t.Fatal(err)
	}
}

// picks chooses from a list.
func (p *person) picks(label, option string) {
	p.t.Helper()
	does[bool](p, "pick", label, option)
}

// finds tells what a field holds.
func (p *person) finds(label, want string) {
	p.t.Helper()
	if got := does[string](p, "holds", label); got != want {
		p.t.Errorf("“%s” holds %q, not %q", label, got, want)
	}
}

// sees checks that the page shows some texts; spaces of every kind count as one.
func (p *person) sees(texts ...string) {
	p.t.Helper()
	page := p.reads()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			p.t.Errorf("%s does not show %q but:\n%.1500s", p.at(), text, page)
		}
	}
}

func (p *person) seesNot(texts ...string) {
	p.t.Helper()
	page := p.reads()
	for _, text := range texts {
		if strings.Contains(page, text) {
			p.t.Errorf("%s shows %q", p.at(), text)
		}
	}
}

func (p *person) reads() string {
	p.t.Helper()
	return does[string](p, "reads")
}

// at is the path and query of the page.
func (p *person) at() string {
	p.t.Helper()
	address, err := Eval[string](p.tab, `location.href`)
	if err != nil {
		p.t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	if u.RawQuery != "" {
		return u.EscapedPath() + "?" + u.RawQuery
	}
	return u.EscapedPath()
}

// keys presses keys where the focus is.
func (p *person) keys(keys string) {
	p.t.Helper()
	if err := p.tab.Do(chromedp.KeyEvent(keys)); err != nil {
		p.t.Fatal(err)
	}
}

// tabsTo presses Tab until the focus is on what bears these words.
func (p *person) tabsTo(label string) {
	p.t.Helper()
	var passed []string
	for range 200 {
		p.keys(kb.Tab)
		on := does[string](p, "active")
		if on == label || strings.HasPrefix(on, label) {
			return
		}
		passed = append(passed, fmt.Sprintf("%.30s", on))
	}
	p.t.Fatalf("Tab does not come to “%s” but to %s", label, strings.Join(passed, " | "))
}

// types writes where the focus is.
func (p *person) types(text string) {
	p.t.Helper()
	if err := p.tab.Do(command(input.InsertText, input.InsertTextParams{Text: text})); err != nil {
		p.t.Fatal(err)
	}
}

// enters presses Enter on what leads to another page, and waits for that.
func (p *person) enters() {
	p.t.Helper()
	on := does[string](p, "here")
	p.keys(kb.Enter)
	p.arrives(on)
}

// looks holds the page to the bars of the sweep that need no second visit, for pages that only a story comes to.
func (p *person) looks() {
	p.t.Helper()
	if p.bare {
		return // axe is a script; it looks at the same page in the browser of those who have them
	}
	s := &sweeper{t: p.t, tab: p.tab}
	s.load()
	for _, width := range []int64{390, 1280} {
		s.look(width, Dark)
		s.clean("axe([])")
		s.look(width, Light)
		s.clean("axe(" + ofColour + ")")
		s.clean("small()")
		s.clean("overflow()")
	}
	for _, fault := range s.faults {
		p.t.Errorf("%s: %s", p.at(), fault)
	}
}

// eventually opens the page again until it shows a text: what jobs make comes when it comes.
func (p *person) eventually(text string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if strings.Contains(p.reads(), text) {
			return
		}
		p.goes(p.at())
	}
	p.t.Fatalf("%s never shows %q but:\n%.1500s", p.at(), text, p.reads())
}
