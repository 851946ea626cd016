package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// source is one parsed file of the module; folder is relative to the module, with slashes.
type source struct {
	folder string
	name   string
	fset   *token.FileSet
	file   *ast.File
}

func (s source) isTest() bool { return strings.HasSuffix(s.name, "_test.go") }

func (s source) at(n ast.Node) string {
	return fmt.Sprintf("%s/%s:%d", s.folder, s.name, s.fset.Position(n.Pos()).Line)
}

// sources parses every Go file of the module once, whatever its build tags, leaving out other modules and hidden folders.
var sources = sync.OnceValues(func() ([]source, error) {
	var all []source
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path == root {
				return nil
			}
			hidden := strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") || d.Name() == "testdata" || d.Name() == "node_modules"
			if own, _ := filepath.Glob(filepath.Join(path, "go.mod")); hidden || len(own) > 0 {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		all = append(all, source{filepath.ToSlash(folder), d.Name(), fset, file})
		return nil
	})
	return all, err
})

// productSources are the files that are not tests.
func productSources(t *testing.T) []source {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	var product []source
	for _, s := range all {
		if !s.isTest() {
			product = append(product, s)
		}
	}
	if len(product) == 0 {
		t.Fatal("no source was found: the test looks at the wrong place")
	}
	return product
}

// parsed makes a source of a text, to show that a rule catches what it should.
func parsed(t *testing.T, folder, text string) source {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return source{folder, "x.go", fset, file}
}

// importNames maps the name a file gives to a package to the package's path.
func (s source) importNames() map[string]string {
	names := map[string]string{}
	for _, spec := range s.file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = path
	}
	return names
}

// dials lists what opens a connection by itself, or makes something that does.
var dials = map[string]map[string]bool{
	"net/http": {
		"Client": true, "Transport": true, "DefaultClient": true, "DefaultTransport": true,
		"Get": true, "Head": true, "Post": true, "PostForm": true,
	},
	"net": {
		"Dial": true, "DialTimeout": true, "DialTCP": true, "DialUDP": true, "DialIP": true, "DialUnix": true, "Dialer": true,
	},
	"crypto/tls": {"Dial": true, "DialWithDialer": true, "Dialer": true},
	"net/smtp":   {"Dial": true, "SendMail": true},

	"github.com/wneessen/go-mail":      {"NewClient": true, "QuickSend": true},
	"github.com/wneessen/go-mail/smtp": {"Dial": true, "SendMail": true},
}

// handed are the places where what dials by itself is given the operator's dialer instead; a test of the room shows that it uses no other.
var handed = map[string]string{"internal/mail/session.go": "NewClient"}

// mayDial is law 5: the guarded dialer, the operator's own, and the tool that plays the outside world.
func mayDial(s source) bool {
	return s.folder == "federation/fetch" || s.folder == "internal/loadtest" || s.folder+"/"+s.name == "internal/app/operator.go"
}

// connections finds uses of dials. A *http.Client or a *net.Dialer that is handed in is fine, so a name behind a star is
// passed over: only a value can be made here.
func connections(s source) (found []string) {
	names := s.importNames()
	pointers := map[ast.Node]bool{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if star, ok := n.(*ast.StarExpr); ok {
			pointers[star.X] = true
		}
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || pointers[sel] {
			return true
		}
		pkg, ok := sel.X.(*ast.Ident)
		if !ok || !dials[names[pkg.Name]][sel.Sel.Name] || handed[s.folder+"/"+s.name] == sel.Sel.Name {
			return true
		}
		found = append(found, fmt.Sprintf("%s uses %s.%s: connections are made by federation/fetch, or by internal/app/operator.go for what the operator set",
			s.at(sel), pkg.Name, sel.Sel.Name))
		return true
	})
	return found
}

// TestSec_S20_static: nothing but the two dialers of law 5 can open a connection.
func TestSec_S20_static(t *testing.T) {
	for _, s := range productSources(t) {
		if mayDial(s) {
			continue
		}
		for _, sentence := range connections(s) {
			t.Error(sentence)
		}
	}
}

func TestSec_S20_static_catches(t *testing.T) {
	for _, body := range []string{
		`var c = http.Client{}`, `var c = &http.Client{Timeout: 1}`, `var c http.Client`, `var c = new(http.Client)`,
		`var c = http.DefaultClient`, `func f() { http.Get("") }`, `var tr = http.Transport{}`, `func f() { net.Dial("tcp", "") }`,
		`var d net.Dialer`, `var f = http.Get`,
	} {
		s := parsed(t, "web", "package web\nimport (\"net\"; \"net/http\")\nvar _ net.Addr\nvar _ http.Handler\n"+body)
		if len(connections(s)) != 1 {
			t.Errorf("not caught: %s", body)
		}
	}
	renamed := parsed(t, "web", "package web\nimport web \"net/http\"\nvar c = web.Client{}")
	if len(connections(renamed)) != 1 {
		t.Error("a renamed import was not caught")
	}
	for _, body := range []string{
		`func f(c *http.Client) {}`, `type t struct{ c *http.Client }`, `var tr http.RoundTripper`, `var l net.Listener`, `var s = http.StatusOK`,
	} {
		s := parsed(t, "web", "package web\nimport (\"net\"; \"net/http\")\nvar _ net.Addr\nvar _ http.Handler\n"+body)
		if got := connections(s); len(got) != 0 {
			t.Errorf("refused %s: %q", body, got)
		}
	}
}

// looseDocuments finds map[string]any, spelt either way.
func looseDocuments(s source) (found []string) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		m, ok := n.(*ast.MapType)
		if !ok {
			return true
		}
		key, ok := m.Key.(*ast.Ident)
		if !ok || key.Name != "string" {
			return true
		}
		loose := false
		switch v := m.Value.(type) {
		case *ast.Ident:
			loose = v.Name == "any"
		case *ast.InterfaceType:
			loose = v.Methods.NumFields() == 0
		}
		if loose {
			found = append(found, fmt.Sprintf("%s has a map[string]any: only federation/vocab handles documents without a type", s.at(m)))
		}
		return true
	})
	return found
}

// TestNoLooseDocuments: every document outside federation/vocab has a type.
func TestNoLooseDocuments(t *testing.T) {
	for _, s := range productSources(t) {
		if s.folder == "federation/vocab" {
			continue
		}
		for _, sentence := range looseDocuments(s) {
			t.Error(sentence)
		}
	}
}

func TestNoLooseDocuments_catches(t *testing.T) {
	for body, want := range map[string]int{
		`var m map[string]any`:                       1,
		`type t map[string]interface{}`:              1,
		`func f() { _ = []map[string]any{{}} }`:      1,
		`var m map[string]interface{ Close() }`:      0,
		`var m map[string]string; var n map[int]any`: 0,
	} {
		if got := looseDocuments(parsed(t, "web", "package web\n"+body)); len(got) != want {
			t.Errorf("%s: %d found, want %d", body, len(got), want)
		}
	}
}
