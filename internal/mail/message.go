package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Stamp is what a letter gets when it is sent. It is the same at every attempt.
type Stamp struct {
	ID   string    // left part of the Message-ID
	Date time.Time // when the letter was queued
}

// message makes the letter fit for the wire (RFC 5322, RFC 2045). Every value that reaches a header was checked or put on one line before.
func message(l *Letter, from *netmail.Address, s Stamp) (*gomail.Msg, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	to, err := Address(l.To)
	if err != nil {
		return nil, err
	}
	p := l.page()
	markup, err := p.html()
	if err != nil {
		return nil, fmt.Errorf("mail: the letter cannot be laid out: %w", err)
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&netmail.Address{Name: sender(from, p.Instance), Address: from.Address})
	m.ToMailAddress(&netmail.Address{Name: line(to.Name, maxLine), Address: to.Address})
	m.Subject(p.Subject)
	m.SetDateWithValue(s.Date)
	_, domain, _ := strings.Cut(from.Address, "@")
	m.SetMessageIDWithValue(s.ID + "@" + domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")             // RFC 3834 §5: no vacation notice answers it
	m.SetGenHeader("X-Auto-Response-Suppress", "OOF, DR, RN, NRN") // the same for Exchange, which does not know the other
	m.SetGenHeader("Content-Language", string(p.Lang))
	if l.Bulk {
		m.SetGenHeader("Precedence", "bulk")
	}
	if l.Unsubscribe != "" {
		m.SetGenHeaderPreformatted("List-Unsubscribe", "<"+l.Unsubscribe+">")
		m.SetGenHeaderPreformatted("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(gomail.TypeTextPlain, p.plain())
	m.AddAlternativeString(gomail.TypeTextHTML, markup)
	if a := l.Attachment; a != nil {
		if err := m.AttachReader(a.Name, bytes.NewReader(a.Data), gomail.WithFileContentType(gomail.ContentType(a.mediaType()))); err != nil {
			return nil, fmt.Errorf("mail: the attached file: %w", err)
		}
	}
	return m, nil
}

// sender is the name readers see: the one of the settings, else the instance's.
func sender(from *netmail.Address, instance string) string {
	if from.Name != "" {
		return line(from.Name, maxLine)
	}
	return line(instance, maxLine)
}
