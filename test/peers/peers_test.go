// Package peers_test runs Essaim against ActivityPub software that others wrote, over loopback: snac2, Fedify with each
// family of signatures, and the conformance checker activitypub-testing.
//
// Each test starts its own Essaim (the real program, `essaim serve`) and its own peer on free ports, drives both by
// their public interfaces only, and looks at both sides: what arrived there, what arrived here. Nothing is asserted on time;
// deliveries are polled for. The scripts beside install the peers at pinned versions.
//
// The tests run when ESSAIM_PEERS=1. A peer that cannot be installed is skipped with a line, and is a failure when CI is set.
package peers_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// root is the top of the repository; tests run in their own folder.
var root = func() string {
	abs, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return filepath.Join("..", "..")
	}
	return abs
}()

// cache is where the install scripts put the peers.
var cache = filepath.Join(root, ".cache", "peers")

// installed holds the outcome of each install script, which runs once for all tests.
var installed sync.Map // name -> func() error

// peer makes sure that a peer is there and gives its folder.
func peer(t *testing.T, name string) string {
	t.Helper()
	wanted(t)
	once, _ := installed.LoadOrStore(name, sync.OnceValue(func() error {
		out, err := exec.Command(filepath.Join(root, "test", "peers", "install-"+name+".sh"), cache).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s", strings.TrimSpace(string(out)))
		}
		return nil
	}))
	if err := once.(func() error)(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("CI runs every peer: %v", err)
		}
		t.Skipf("peer left out: %v", err)
	}
	return filepath.Join(cache, name)
}

// wanted skips unless the peers were asked for.
func wanted(t *testing.T) {
	t.Helper()
	if os.Getenv("ESSAIM_PEERS") != "1" {
		t.Skip("real peers were left out: ESSAIM_PEERS=1 runs them, as ./test.sh does")
	}
}

// binary builds the program once for all tests, or takes the one named by ESSAIM_BINARY.
var binary = sync.OnceValues(func() (string, error) {
	if named := os.Getenv("ESSAIM_BINARY"); named != "" {
		return named, nil
	}
	path := filepath.Join(root, ".cache", "essaim")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/essaim")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./cmd/essaim: %w\n%s", err, out)
	}
	return path, nil
})
