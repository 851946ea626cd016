package mailtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"regexp"
	"strings"

	"encoding/base64"
	"mime/quotedprintable"
)

// Message is a letter as it arrived.
type Message struct {
	From       string   // of the envelope
	Recipients []string // of the envelope
	Secure     bool     // it came over TLS
	UTF8       bool     // its sender asked for SMTPUTF8, so that a server without it sends the letter back (RFC 6531 §3.4)
	Raw        []byte   // lines end with LF
	Header     mail.Header
	Subject    string // decoded
	Text, HTML string // decoded parts
	Files      []File
}

// File is an attachment.
type File struct {
	Name, Type string
	Data       []byte
}

var address = regexp.MustCompile(`https?://[^\s<>"]+`)

// Link is the first address in the text part that contains the words; empty when there is none.
func (m Message) Link(words string) string {
	for _, link := range address.FindAllString(m.Text, -1) {
		if strings.Contains(link, words) {
			return link
		}
	}
	return ""
}

// parse reads a message as a mail reader does. What a reader would stumble over is an error.
func parse(raw []byte) (Message, error) {
	m := Message{Raw: raw}
	for i, line := range bytes.Split(raw, []byte("\n")) {
		if len(line) > 998 {
			return m, fmt.Errorf("line %d is longer than 998 bytes (RFC 5322 §2.1.1)", i+1)
		}
	}
	in, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m, err
	}
	m.Header = in.Header
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(in.Header.Get("Subject")); err != nil {
		return m, err
	}
	return m, m.part(in.Header.Get("Content-Type"), in.Header.Get("Content-Transfer-Encoding"), "", in.Body)
}

func (m *Message) part(contentType, encoding, disposition string, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("Content-Type %q: %w", contentType, err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.parts(multipart.NewReader(body, params["boundary"]))
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	how, names, _ := mime.ParseMediaType(disposition)
	switch {
	case how == "attachment":
		m.Files = append(m.Files, File{names["filename"], contentType, data})
	case kind == "text/plain" && m.Text == "":
		m.Text = strings.ReplaceAll(string(data), "\r\n", "\n")
	case kind == "text/html" && m.HTML == "":
		m.HTML = strings.ReplaceAll(string(data), "\r\n", "\n")
	default:
		return fmt.Errorf("a part of type %s that no reader would show", kind)
	}
	return nil
}

func (m *Message) parts(r *multipart.Reader) error {
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := m.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p); err != nil {
			return err
		}
	}
}
