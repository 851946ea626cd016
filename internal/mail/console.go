package mail

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Console prints letters instead of sending them: who tries the demonstration can follow their links, and nobody is written to. It is safe for concurrent
// use.
type Console struct {
	mu  sync.Mutex
	out io.Writer
}

// NewConsole prints to out.
func NewConsole(out io.Writer) *Console { return &Console{out: out} }

// Carry is that of Carrier.
func (c *Console) Carry(_ context.Context, l *Letter, _ Stamp) error {
	if err := l.Check(); err != nil {
		return err
	}
	to, err := Address(l.To)
	if err != nil {
		return err
	}
	p := l.page()
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n  → %s\n  %s\n", p.T("mail.console", p.Instance), to.Address, p.Subject)
	if p.Button != nil {
		fmt.Fprintf(&b, "  %s\n", p.Button.URL)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err = io.WriteString(c.out, b.String())
	return err
}
