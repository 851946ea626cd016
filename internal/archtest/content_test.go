package archtest

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	storePath    = Module + "/internal/store"
	activityPath = Module + "/internal/activity"
)

// contentTables are what law 1 speaks of: what other servers can see, and who may see it. Payloads are bytes kept for
// the road, and are cleaned by jobs.
var contentTables = []string{"objects", "actors", "recipients", "terms", "activities", "relations"}

var writesContent = regexp.MustCompile(`(?i)\b(insert\s+(or\s+\w+\s+)?into|replace\s+into|update|delete\s+from)\s+(` + strings.Join(contentTables, "|") + `)\b`)

// contentSQL finds the statements that write a content table where law 1 does not allow them: anywhere but in
// internal/activity and in internal/store, and there anywhere but in the methods of Content or in constants that these
// methods alone use.
func contentSQL(all []source) (found []string) {
	type constant struct{ name, at string }
	var constants []constant
	users := map[string][]string{} // identifier in internal/store -> functions that name it and are not methods of Content
	for _, s := range all {
		if s.folder == "internal/activity" {
			continue
		}
		inStore := s.folder == "internal/store"
		for _, decl := range s.file.Decls {
			fn, isFunc := decl.(*ast.FuncDecl)
			if inStore && isFunc && receiver(fn) == "Content" {
				continue
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					if inStore && isFunc {
						users[n.Name] = append(users[n.Name], fn.Name.Name)
					}
				case *ast.ValueSpec:
					if inStore && !isFunc && slices.ContainsFunc(n.Values, holdsContentSQL) {
						for _, name := range n.Names {
							constants = append(constants, constant{name.Name, s.at(name)})
						}
					}
				case *ast.BasicLit:
					if holdsContentSQL(n) && (isFunc || !inStore) {
						found = append(found, fmt.Sprintf("law 1: %s writes a content table outside the methods of store.Content", s.at(n)))
					}
				}
				return true
			})
		}
	}
	for _, c := range constants {
		if who := users[c.name]; len(who) > 0 {
			found = append(found, fmt.Sprintf("law 1: %s writes a content table and is used by %s, which is no method of store.Content", c.at, who[0]))
		}
	}
	return found
}

func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) != 1 {
		return ""
	}
	t := fn.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	name, _ := t.(*ast.Ident)
	if name == nil {
		return ""
	}
	return name.Name
}

func holdsContentSQL(n ast.Expr) (holds bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err := strconv.Unquote(lit.Value)
			holds = holds || err == nil && writesContent.MatchString(text)
		}
		return true
	})
	return holds
}

// contentUses type-checks one package and finds where it takes hold of store.Content. Types are needed because a
// document has a content too: a method of that name is everywhere.
func contentUses(fset *token.FileSet, files []*ast.File, path string, imp types.Importer) (found []string) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: imp, Error: func(error) {}} // what does not compile is the compiler's to report
	conf.Check(path, fset, files, info)
	for id, obj := range info.Uses {
		if obj.Pkg() == nil || obj.Pkg().Path() != storePath || obj.Name() != "Content" {
			continue
		}
		pos := fset.Position(id.Pos())
		found = append(found, fmt.Sprintf("law 1: %s:%d uses store's Content: only internal/activity writes content", pos.Filename, pos.Line))
	}
	slices.Sort(found)
	return found
}

// TestLaw1_statements: the SQL that writes content stands in the methods of store.Content.
func TestLaw1_statements(t *testing.T) {
	for _, sentence := range contentSQL(productSources(t)) {
		t.Error(sentence)
	}
}

// TestLaw1_callers: nobody but internal/activity takes hold of store.Content.
func TestLaw1_callers(t *testing.T) {
	if _, err := os.Stat(filepath.Join(root, "internal", "store")); err != nil {
		t.Fatal("internal/store does not exist: nothing is guarded")
	}
	all, err := list("-deps", "-export", "./...")
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	for _, p := range all {
		exports[p.ImportPath] = p.Export
	}
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("%s does not compile", path)
		}
		return os.Open(exports[path])
	})
	for _, p := range all {
		if _, mine := ours(p.ImportPath); !mine || p.ImportPath == activityPath || !slices.Contains(p.Imports, storePath) {
			continue
		}
		if exports[storePath] == "" {
			t.Fatal("internal/store does not compile, so its callers cannot be checked")
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		for _, sentence := range contentUses(fset, files, p.ImportPath, imp) {
			t.Error(sentence)
		}
	}
}

func TestLaw1_statements_catches(t *testing.T) {
	for text, want := range map[string]int{
		"package store\nfunc (t *Tx) Save() { t.exec(`insert into objects (id) values ($1)`) }":                                    1,
		"package store\nconst q = `update\n relations set state=$1`\nfunc (t *Tx) Accept() { t.exec(q) }":                          1,
		"package store\nfunc f() { g(\"delete from actors\") }":                                                                    1,
		"package store\nfunc (c Content) Save() { c.exec(`insert into objects (id) values ($1)`) }":                                0,
		"package store\nconst q = `INSERT OR IGNORE INTO terms (key) values ($1)`\nfunc (c *Content) Tag() { c.exec(q) }":          0,
		"package store\nfunc (t *Tx) Read() { t.query(`select id from objects for update`) }":                                      0,
		"package store\nfunc (t *Tx) Queue() { t.exec(`insert into jobs (id) values ($1)`) }\n// update objects is only a comment": 0,
	} {
		if got := contentSQL([]source{parsed(t, "internal/store", text)}); len(got) != want {
			t.Errorf("%s\n%d found, want %d: %q", text, len(got), want, got)
		}
	}
	if len(contentSQL([]source{parsed(t, "internal/auth", "package auth\nconst q = `update actors set handle=$1`")})) != 1 {
		t.Error("a statement outside internal/store was not caught")
	}
}

// packageOf is an importer that knows one package.
type packageOf struct{ pkg *types.Package }

func (p packageOf) Import(string) (*types.Package, error) { return p.pkg, nil }

func TestLaw1_callers_catches(t *testing.T) {
	check := func(path, text string, imp types.Importer) (*token.FileSet, []*ast.File, *types.Package) {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "x.go", text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		pkg, err := (&types.Config{Importer: imp}).Check(path, fset, []*ast.File{file}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return fset, []*ast.File{file}, pkg
	}
	_, _, store := check(storePath, "package store\ntype Content struct{}\ntype Tx struct{}\nfunc (Tx) Content() Content { return Content{} }", nil)
	for text, want := range map[string]int{
		"package auth\nimport \"essaim/internal/store\"\nfunc f(tx store.Tx) { tx.Content() }":                                                1,
		"package auth\nimport \"essaim/internal/store\"\nfunc f(c store.Content) {}":                                                          1,
		"package auth\nimport \"essaim/internal/store\"\ntype note struct{}\nfunc (note) Content() {}\nfunc f(store.Tx) { note{}.Content() }": 0,
	} {
		fset, files, _ := check("essaim/internal/auth", text, packageOf{store})
		if got := contentUses(fset, files, "essaim/internal/auth", packageOf{store}); len(got) != want {
			t.Errorf("%s\n%d found, want %d: %q", text, len(got), want, got)
		}
	}
}
