package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// essaim runs a command line against a database in a temporary folder and returns what it printed.
type shell struct {
	t   *testing.T
	env map[string]string
}

func newShell(t *testing.T) *shell {
	dir := t.TempDir()
	return &shell{t, map[string]string{"ESSAIM_URL": "http://127.0.0.1:18999", "ESSAIM_LISTEN": "127.0.0.1:18999", "ESSAIM_LOOPBACK": "1",
		"ESSAIM_DATABASE": "sqlite:" + filepath.Join(dir, "e.db"), "ESSAIM_DATA": dir}}
}

func (s *shell) run(args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = run(context.Background(), args, func(k string) string { return s.env[k] }, &o, &e)
	return code, o.String(), e.String()
}

func (s *shell) ok(args ...string) string {
	s.t.Helper()
	code, out, errOut := s.run(args...)
	if code != 0 {
		s.t.Fatalf("essaim %s: exit %d: %s", strings.Join(args, " "), code, errOut)
	}
	return strings.TrimSpace(out)
}

// fails holds that a command exits non-zero with one sentence that says what is wrong.
func (s *shell) fails(want string, args ...string) {
	s.t.Helper()
	code, _, errOut := s.run(args...)
	if code == 0 || !strings.Contains(errOut, want) {
		s.t.Errorf("essaim %s: exit %d, said %q, wanted %q", strings.Join(args, " "), code, errOut, want)
	}
	if n := strings.Count(strings.TrimSpace(errOut), "\n"); n > 0 {
		s.t.Errorf("essaim %s: more than one sentence:\n%s", strings.Join(args, " "), errOut)
	}
}

func TestAnAccountAndItsToken(t *testing.T) {
	s := newShell(t)
	link := s.ok("account", "create", "--handle", "ines", "--email", "ines@innov.example", "--role", "admin")
	if !strings.HasPrefix(link, "http://127.0.0.1:18999/mot-de-passe/") {
		t.Errorf("the link is %q", link)
	}
	if token := s.ok("token", "create", "--handle", "ines"); len(token) < 40 {
		t.Errorf("the token is %q", token)
	}
	if got := s.ok("migrate", "status"); !strings.Contains(got, "applied") {
		t.Errorf("migrate status: %s", got)
	}
	if got := s.ok("config"); !strings.Contains(got, "ESSAIM_URL") || !strings.Contains(got, "http://127.0.0.1:18999") {
		t.Errorf("config: %s", got)
	}
	if got := s.ok("version"); !strings.HasPrefix(got, "essaim ") {
		t.Errorf("version: %s", got)
	}
}

func TestBadInputGetsOneSentenceAndAnExitCode(t *testing.T) {
	s := newShell(t)
	s.ok("account", "create", "--handle", "ines", "--email", "ines@innov.example")
	s.fails("taken", "account", "create", "--handle", "ines", "--email", "autre@innov.example")
	s.fails("e-mail", "account", "create", "--handle", "karim", "--email", "ines@innov.example")
	s.fails("handle", "account", "create", "--handle", "É!", "--email", "e@innov.example")
	s.fails("reserved", "account", "create", "--handle", "dep56", "--email", "e@innov.example")
	s.fails("role", "account", "create", "--handle", "zoe", "--email", "zoe@innov.example", "--role", "queen")
	s.fails("personne", "token", "create", "--handle", "personne")
	s.fails("scope", "token", "create", "--handle", "ines", "--scope", "everything")
	s.fails("unexpected argument", "dance")
	s.fails("NAME=VALUE", "--set", "x", "version")
	s.fails("--fast", "serve", "--fast")
	s.fails("--handle", "account", "create")
	s.fails("65533", "demo", "--port", "99999")
	typo := filepath.Join(t.TempDir(), "essaim.conf")
	if err := os.WriteFile(typo, []byte("# address\nESSAIM_ULR=http://127.0.0.1:18999\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.fails("line 2", "--config", typo, "serve")
	s.fails("cannot be read", "--config", typo+".absent", "serve")
	s.fails("@nobody@", "follow", "@nobody@127.0.0.1:1")
}

func TestSettingsThatCannotBeAreRefused(t *testing.T) {
	for want, env := range map[string]string{"https": "http://innov.example", "ESSAIM_URL": "", "path": "https://innov.example/path"} {
		s := newShell(t)
		s.env["ESSAIM_URL"], s.env["ESSAIM_LOOPBACK"] = env, ""
		s.fails(want, "migrate")
	}
	s := newShell(t)
	s.env["ESSAIM_URL"] = "https://innov.example"
	s.fails("ESSAIM_LOOPBACK", "migrate")
}

func TestADatabaseThatDoesNotOpenIsToldInOneSentence(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, bytes.Repeat([]byte("not a database "), 600), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, database := range map[string]string{
		"not a database":                "sqlite:" + garbage,
		"directory":                     "sqlite:" + dir,
		filepath.Join(dir, "elsewhere"): "sqlite:" + filepath.Join(dir, "elsewhere", "e.db"),
		"cannot be opened":              "postgres://essaim:topsecret@127.0.0.1:1/essaim",
	} {
		s := newShell(t)
		s.env["ESSAIM_DATABASE"] = database
		s.fails(want, "serve")
		s.fails("ESSAIM_DATABASE", "migrate")
		if _, out, errOut := s.run("doctor"); !strings.Contains(out, "fail database") || strings.Contains(out+errOut, "topsecret") {
			t.Errorf("doctor of %s: %s", database, out)
		}
	}
}

func TestTheDataFolderIsMade(t *testing.T) {
	s := newShell(t)
	data := filepath.Join(s.env["ESSAIM_DATA"], "var", "essaim")
	path := filepath.Join(data, "essaim.db")
	s.env["ESSAIM_DATA"], s.env["ESSAIM_DATABASE"] = data, "sqlite:"+path
	if _, out, _ := s.run("doctor"); !strings.Contains(out, "there is none at "+path) {
		t.Errorf("doctor: %s", out)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the doctor made the folder")
	}
	s.ok("migrate")
	for of, mode := range map[string]os.FileMode{data: 0o700, path: 0o600} {
		if info, err := os.Stat(of); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", of, info, err)
		}
	}
}

func TestAnotherAddressThanTheFirstIsRefused(t *testing.T) {
	s := newShell(t)
	s.ok("account", "create", "--handle", "ines", "--email", "ines@innov.example")
	s.env["ESSAIM_URL"] = "http://127.0.0.1:18998"
	s.fails("belongs to http://127.0.0.1:18999", "token", "create", "--handle", "ines")
}

func TestServeStopsWhenAskedAndHealthKnows(t *testing.T) {
	s := newShell(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	s.env["ESSAIM_URL"], s.env["ESSAIM_LISTEN"] = "http://"+addr, addr
	s.fails("does not answer", "health")
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan int, 1)
	var errOut bytes.Buffer
	go func() {
		done <- run(ctx, []string{"serve"}, func(k string) string { return s.env[k] }, &bytes.Buffer{}, &errOut)
	}()
	deadline := time.Now().Add(20 * time.Second)
	for {
		if code, _, _ := s.run("health"); code == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the server never answered")
		}
		time.Sleep(20 * time.Millisecond)
	}
	secret := "lien-d-une-personne"
	if answer, err := http.Get("http://" + addr + "/mot-de-passe/" + secret); err != nil {
		t.Error(err)
	} else {
		answer.Body.Close()
	}
	s.fails("ESSAIM_LISTEN", "serve") // a second one at the same address
	if out := s.ok("doctor"); !strings.Contains(out, "ok   server") {
		t.Errorf("doctor: %s", out)
	}
	stop()
	select {
	case code := <-done:
		if code != 0 {
			t.Errorf("serve ended with %d: %s", code, errOut.String())
		}
		if log := errOut.String(); strings.Contains(log, secret) || !strings.Contains(log, "path=/mot-de-passe/***") {
			t.Errorf("the log:\n%s", log)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the server did not stop")
	}
}
