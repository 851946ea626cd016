package peers_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything may take: snac sends after two to eight seconds, and CI machines are slow.
const patience = 60 * time.Second

// logbook keeps what a program printed; it is written by the program's pipes and read by the test.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// process is a program a test started. It ends with the test, by its own id, and its log is shown if the test failed.
type process struct {
	name string
	log  *logbook
	cmd  *exec.Cmd
	done chan struct{} // closed when the program has ended
}

// start runs argv in dir. A program that ends before the test does is a failure that patience will reveal.
func start(t *testing.T, name, dir string, env []string, argv ...string) *process {
	t.Helper()
	p := &process{name: name, log: &logbook{}, cmd: command(t, dir, env, argv...), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait()
	}()
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("what %s printed:\n%s", name, tail(withoutPolls(p.log.String()), 12000))
		}
	})
	return p
}

// stop asks the program to end, and makes it when it does not.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// command ends the program shortly before `go test` would give up, so that a hanging test leaves none behind.
func command(t *testing.T, dir string, env []string, argv ...string) *exec.Cmd {
	t.Helper()
	ctx := context.Background()
	if deadline, ok := t.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-15*time.Second))
		t.Cleanup(cancel)
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// run runs argv to its end and gives what it printed on standard output.
func run(t *testing.T, dir string, env []string, argv ...string) string {
	t.Helper()
	cmd := command(t, dir, env, argv...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(argv, " "), err, out, stderr.Bytes())
	}
	return string(out)
}

// withoutPolls leaves out what the tests themselves asked for, over and over, and got: the rest would drown in it.
func withoutPolls(log string) string {
	var kept strings.Builder
	for line := range strings.Lines(log) {
		if !poll.MatchString(line) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

var poll = regexp.MustCompile(`method=GET path=/(actors/[a-z_]+/(inbox|followers|following)|objects/[^ ]+) status=200`)

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return "…" + s[len(s)-n:]
}

// freePort asks the system for a port of 127.0.0.1 and gives it back for the program that will listen there.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// eventually polls until ok holds; what says what is waited for, in the words of the failure.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	eventuallyWithin(t, patience, what, ok)
}

func eventuallyWithin(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); ; time.Sleep(100 * time.Millisecond) {
		if ok() {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", limit, what)
		}
	}
}

// answering waits until a program serves url, whatever the status, and fails at once if it has ended instead.
func (p *process) answering(t *testing.T, url string) {
	t.Helper()
	eventually(t, p.name+" answers at "+url, func() bool {
		select {
		case <-p.done:
			t.Fatalf("%s ended before it answered", p.name)
		default:
		}
		res, err := client.Get(url)
		if err != nil {
			return false
		}
		res.Body.Close()
		return true
	})
}

// client is what the tests themselves use; it follows no redirect, since an address that moves is worth a failure.
var client = &http.Client{
	Timeout:       20 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}
