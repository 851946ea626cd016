package loadtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Build makes the program from the module at root and returns its path: out, made again only when the sources have changed.
func Build(ctx context.Context, root, out string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, "./cmd/essaim")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, said)
	}
	return out, nil
}

// Server is one instance of the program, or one node of it, as a child process that can be killed and started again.
type Server struct {
	URL    string // public address; another node of the same instance has the same
	Listen string // where this process listens
	Dir    string

	binary, database string
	log              *logbook
	mu               sync.Mutex
	cmd              *exec.Cmd
	ended            chan struct{}
	client           http.Client
}

// ServerOptions of NewServer. Binary and Dir are needed.
type ServerOptions struct {
	Binary   string
	Dir      string // exists; secrets, media and the SQLite database go there
	Database string // "" is SQLite in Dir
	// NodeOf makes the new server a second node of that instance: same address, database and folder, another port.
	NodeOf *Server
}

// NewServer chooses a port. Nothing runs before Start.
func NewServer(o ServerOptions) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{Listen: "127.0.0.1:" + port, Dir: o.Dir, binary: o.Binary, database: o.Database, log: &logbook{}, client: http.Client{Timeout: 30 * time.Second}}
	s.URL = "http://" + s.Listen
	if s.database == "" {
		s.database = "sqlite:" + filepath.Join(o.Dir, "e.db")
	}
	if n := o.NodeOf; n != nil {
		s.URL, s.Dir, s.database = n.URL, n.Dir, n.database
	}
	return s, nil
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// Database is the address of the database the server uses.
func (s *Server) Database() string { return s.database }

// Inbox is the shared inbox of the instance.
func (s *Server) Inbox() string { return s.URL + "/inbox" }

// Log is the end of what the program has printed so far.
func (s *Server) Log() string { return s.log.String() }

func (s *Server) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Dir = s.Dir
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "ESSAIM_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "ESSAIM_URL="+s.URL, "ESSAIM_LISTEN="+s.Listen, "ESSAIM_LOOPBACK=1", "ESSAIM_DATABASE="+s.database, "ESSAIM_DATA="+s.Dir)
	return cmd
}

// Start runs `essaim serve` and returns once /readyz answers 200. The process ends with Kill, Stop, or the end of ctx.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		return errors.New("start: it is running")
	}
	cmd := s.command(ctx, "serve")
	cmd.Stdout, cmd.Stderr = s.log, s.log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	s.cmd, s.ended = cmd, ended
	for {
		select {
		case <-ended:
			s.cmd = nil
			return fmt.Errorf("start: it ended at once:\n%s", s.log)
		case <-time.After(5 * time.Millisecond):
		}
		res, err := s.client.Get("http://" + s.Listen + "/readyz")
		if err != nil {
			continue
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return nil
		}
	}
}

// Kill ends the process as a power cut would, with SIGKILL, and waits until it is gone. It does nothing when none runs.
func (s *Server) Kill() {
	s.end(func(p *os.Process, _ chan struct{}) { _ = p.Kill() })
}

// Stop asks the process to end and insists when it does not within 30 s.
func (s *Server) Stop() {
	s.end(func(p *os.Process, ended chan struct{}) {
		_ = p.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			_ = p.Kill()
		}
	})
}

func (s *Server) end(how func(*os.Process, chan struct{})) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	how(s.cmd.Process, s.ended)
	<-s.ended
	s.cmd = nil
	s.client.CloseIdleConnections()
}

// PID is the id of the process, 0 when none runs.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return 0
	}
	return s.cmd.Process.Pid
}

// Run runs another command of the program on the same instance and returns what it printed.
func (s *Server) Run(ctx context.Context, args ...string) (string, error) {
	cmd := s.command(ctx, args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("essaim %s: %w\n%s%s", strings.Join(args, " "), err, out.Bytes(), said.Bytes())
	}
	return out.String(), nil
}

// Member is an account of the instance and its bearer token.
type Member struct {
	Actor  string
	server *Server
	handle string
	token  string
}

// Member makes an account, beside the running server as an operator would.
func (s *Server) Member(ctx context.Context, handle string) (*Member, error) {
	if _, err := s.Run(ctx, "account", "create", "--handle", handle, "--email", handle+"@example.org", "--role", "admin"); err != nil {
		return nil, err
	}
	out, err := s.Run(ctx, "token", "create", "--handle", handle)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(out)
	if len(words) == 0 {
		return nil, errors.New("essaim token create printed nothing")
	}
	return &Member{Actor: s.URL + "/actors/" + handle, server: s, handle: handle, token: words[len(words)-1]}, nil
}

// Post publishes through the outbox (AP §6) and returns the address of the activity.
func (m *Member) Post(ctx context.Context, doc any) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Actor+"/outbox", bytes.NewReader(encode(doc)))
	if err != nil {
		return "", fmt.Errorf("post: %w", err)
	}
	req.Header.Set("Content-Type", activityType)
	req.Header.Set("Authorization", "Bearer "+m.token)
	res, err := m.server.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("post: %w", err)
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(res.Body, 4<<10))
	if res.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("post: %s: %s", res.Status, said)
	}
	return res.Header.Get("Location"), nil
}

// Say publishes a public Note and returns the address of its Create.
func (m *Member) Say(ctx context.Context, words string) (string, error) {
	return m.Post(ctx, noteDoc{Context: streams, Type: "Note", Content: "<p>" + words + "</p>", To: []string{public}, CC: []string{m.Actor + "/followers"}})
}

// Follow asks to follow a remote actor.
func (m *Member) Follow(ctx context.Context, actor string) error {
	_, err := m.Post(ctx, activityDoc{Context: streams, Type: "Follow", Object: actor, To: []string{actor}})
	return err
}

// logbook keeps the end of what a program prints.
type logbook struct {
	mu   sync.Mutex
	text []byte
}

const logbookSize = 64 << 10

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if len(l.text) > 2*logbookSize {
		l.text = append(l.text[:0], l.text[len(l.text)-logbookSize:]...)
	}
	return len(p), nil
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}
