package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// listed is what the tests need of one package as `go list` describes it.
type listed struct {
	ImportPath   string
	Dir          string
	ForTest      string
	Standard     bool
	Export       string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// ours tells a package of this module from one of somebody else, and gives its path inside the module.
func ours(importPath string) (string, bool) {
	if importPath == Module {
		return ".", true
	}
	return strings.CutPrefix(importPath, Module+"/")
}

// root is the top of the module; tests run in their own folder.
var root = filepath.Join("..", "..")

// everything lists the module and all it depends on, once for the whole test run. -e because a package that does not
// build yet still has imports to check, and the compiler says better what is wrong with the rest.
var everything = sync.OnceValues(func() ([]listed, error) { return list("-deps", "./...") })

func list(args ...string) ([]listed, error) {
	cmd := exec.Command("go", append([]string{
		"list", "-e", "-json=ImportPath,Dir,ForTest,Standard,Export,GoFiles,Imports,TestImports,XTestImports",
	}, args...)...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, stderr.Bytes())
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

func packages(t *testing.T) []listed {
	t.Helper()
	all, err := everything()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// roomOf finds the row of a package.
func roomOf(path string) (Room, bool) {
	i := slices.IndexFunc(Rooms, func(r Room) bool { return r.Path == path })
	if i < 0 {
		return Room{}, false
	}
	return Rooms[i], true
}

func (r Room) mayImportOurs(path string) bool {
	other, known := roomOf(path)
	if !known || other.Layer > r.Layer {
		return false
	}
	return slices.ContainsFunc(r.Ours, func(allowed string) bool {
		switch allowed {
		case "below":
			return other.Layer < r.Layer
		case "federation/*":
			return strings.HasPrefix(path, "federation/")
		default:
			return allowed == path
		}
	})
}

func covers(modules []string, importPath string) bool {
	return slices.ContainsFunc(modules, func(m string) bool {
		return importPath == m || strings.HasPrefix(importPath, m+"/")
	})
}

// isStandard holds for packages of the Go distribution: the first element of any other path has a dot, and ours is known.
func isStandard(importPath string) bool {
	if _, mine := ours(importPath); mine {
		return false
	}
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// breaches compares one package with the table and says, one sentence each, what is against it.
func breaches(p listed) []string {
	path, _ := ours(p.ImportPath)
	room, known := roomOf(path)
	if !known {
		return []string{fmt.Sprintf("%s has no row in the import table: add one to internal/archtest/rooms.go and to docs/architecture.md", path)}
	}
	var found []string
	for _, imp := range p.Imports {
		if inner, mine := ours(imp); mine {
			if !room.mayImportOurs(inner) {
				found = append(found, fmt.Sprintf("%s (layer %d) imports %s, which the import table does not allow", path, room.Layer, inner))
			}
			continue
		}
		switch {
		case imp == "net/http" && room.NoHTTP:
			found = append(found, fmt.Sprintf("%s imports net/http: this room never talks to the network", path))
		case !isStandard(imp) && !covers(room.Theirs, imp):
			found = append(found, fmt.Sprintf("%s imports %s, which the import table does not allow there", path, imp))
		}
	}
	for _, imp := range slices.Concat(p.TestImports, p.XTestImports) {
		if inner, mine := ours(imp); mine {
			if strings.HasPrefix(path, "federation/") && !strings.HasPrefix(inner, "federation/") {
				found = append(found, fmt.Sprintf("the tests of %s import %s: the protocol knows nothing of the product, its tests neither", path, inner))
			}
			continue
		}
		if !isStandard(imp) && !covers(room.Theirs, imp) && !covers(testsAlso, imp) && !allowedSomewhere(imp) {
			found = append(found, fmt.Sprintf("the tests of %s import %s, which no room of the import table uses", path, imp))
		}
	}
	return found
}

func allowedSomewhere(importPath string) bool {
	return slices.ContainsFunc(Rooms, func(r Room) bool { return covers(r.Theirs, importPath) })
}

// TestImportTable holds every package of the module against the table.
func TestImportTable(t *testing.T) {
	checked := 0
	for _, p := range packages(t) {
		if _, mine := ours(p.ImportPath); !mine {
			continue
		}
		checked++
		for _, sentence := range breaches(p) {
			t.Error(sentence)
		}
	}
	if checked == 0 {
		t.Fatal("go list named no package of this module: the test looks at the wrong place")
	}
}

// TestImportTable_isSound: a row that allows a room above it, or that names a room without a row, allows nothing.
func TestImportTable_isSound(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rooms {
		if seen[r.Path] {
			t.Errorf("%s has two rows", r.Path)
		}
		seen[r.Path] = true
		for _, o := range r.Ours {
			if o == "below" || o == "federation/*" {
				continue
			}
			if other, known := roomOf(o); !known || other.Layer > r.Layer {
				t.Errorf("the row of %s names %s, which has no row or stands above it", r.Path, o)
			}
		}
		if strings.HasPrefix(r.Path, "federation/") && slices.ContainsFunc(r.Ours, func(o string) bool { return !strings.HasPrefix(o, "federation/") }) {
			t.Errorf("the row of %s names a room outside federation", r.Path)
		}
	}
}

// TestImportTable_catches shows that the check can fail: each of these imports must be found.
func TestImportTable_catches(t *testing.T) {
	for name, p := range map[string]listed{
		"unknown package":        {ImportPath: "essaim/internal/attic"},
		"protocol uses product":  {ImportPath: "essaim/federation/sig", Imports: []string{"essaim/internal/essaim"}},
		"upwards":                {ImportPath: "essaim/internal/store", Imports: []string{"essaim/internal/jobs"}},
		"surface uses surface":   {ImportPath: "essaim/web", Imports: []string{"essaim/internal/fedi"}},
		"apply uses the network": {ImportPath: "essaim/internal/activity", Imports: []string{"net/http"}},
		"foreign module":         {ImportPath: "essaim/internal/jobs", Imports: []string{"github.com/jackc/pgx/v5"}},
		"similar module name":    {ImportPath: "essaim/migrations", Imports: []string{"github.com/pressly/goose/v3x"}},
		"generator":              {ImportPath: "essaim/cmd/gencog", Imports: []string{"essaim/internal/store"}},
		"protocol test":          {ImportPath: "essaim/federation/inbox", XTestImports: []string{"essaim/internal/app"}},
		"test library":           {ImportPath: "essaim/internal/jobs", TestImports: []string{"example.org/assert"}},
	} {
		if got := breaches(p); len(got) != 1 {
			t.Errorf("%s: %d sentences, want 1: %q", name, len(got), got)
		}
	}
	for name, p := range map[string]listed{
		"surface":      {ImportPath: "essaim/web", Imports: []string{"fmt", "net/http", "essaim/internal/httpx", "essaim/internal/activity", "github.com/gorilla/mux"}},
		"remote":       {ImportPath: "essaim/internal/remote", Imports: []string{"essaim/federation/deliver"}},
		"product test": {ImportPath: "essaim/internal/store", XTestImports: []string{"essaim/internal/activity", "pgregory.net/rapid"}},
		"sub-package":  {ImportPath: "essaim/internal/store", Imports: []string{"github.com/jackc/pgx/v5/stdlib"}},
	} {
		if got := breaches(p); len(got) != 0 {
			t.Errorf("%s: refused: %q", name, got)
		}
	}
}

// TestFence_G01: each go-fed package has one room that may import it, tests included, and the server framework has none.
func TestFence_G01(t *testing.T) {
	all, err := list("-deps", "-test", "./...")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		for _, sentence := range fenceBreaches(p) {
			t.Error(sentence)
		}
	}
}

func fenceBreaches(p listed) (found []string) {
	// A go-fed package may use its own siblings.
	if strings.HasPrefix(p.ImportPath, "github.com/go-fed/") {
		return nil
	}
	from, _, _ := strings.Cut(p.ImportPath, " ") // "essaim/x [essaim/x.test]" is x built for its tests
	from = strings.TrimSuffix(strings.TrimSuffix(from, ".test"), "_test")
	for _, imp := range p.Imports {
		imp, _, _ = strings.Cut(imp, " ")
		for fenced, home := range map[string]string{
			"github.com/go-fed/httpsig":          Module + "/federation/sig",
			"github.com/go-fed/activity/streams": Module + "/federation/vocab",
			"github.com/go-fed/activity/pub":     "",
		} {
			if covers([]string{fenced}, imp) && from != home {
				found = append(found, fmt.Sprintf("G1: %s imports %s", from, imp))
			}
		}
	}
	return found
}

func TestFence_G01_catches(t *testing.T) {
	for _, p := range []listed{
		{ImportPath: "essaim/federation/inbox", Imports: []string{"github.com/go-fed/httpsig"}},
		{ImportPath: "essaim/internal/fedi", Imports: []string{"github.com/go-fed/activity/streams/vocab"}},
		{ImportPath: "essaim/federation/vocab", Imports: []string{"github.com/go-fed/activity/pub"}},
		{ImportPath: "example.org/other", Imports: []string{"github.com/go-fed/activity/pub"}},
	} {
		if len(fenceBreaches(p)) != 1 {
			t.Errorf("%s importing %s was not caught", p.ImportPath, p.Imports)
		}
	}
	for _, p := range []listed{
		{ImportPath: "essaim/federation/sig", Imports: []string{"github.com/go-fed/httpsig"}},
		{ImportPath: "essaim/federation/vocab_test [essaim/federation/vocab.test]", Imports: []string{"github.com/go-fed/activity/streams"}},
	} {
		if got := fenceBreaches(p); len(got) != 0 {
			t.Errorf("refused: %q", got)
		}
	}
}
