package mailtest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"
)

// visit is one connection: what the client has said so far.
type visit struct {
	*Server
	conn   net.Conn
	in     *bufio.Reader
	secure bool
	known  bool // signed in
	utf8   bool // the letter of this moment may hold more than ASCII in its addresses and header (RFC 6531)
	from   string
	to     []string
}

func (v *visit) serve() error {
	if err := v.say("", "220 "+v.Host+" ESMTP"); err != nil {
		return err
	}
	for {
		line, err := v.read()
		if err != nil {
			return err
		}
		if err := v.obey(line); err != nil {
			return err
		}
	}
}

func (v *visit) read() (string, error) {
	line, err := v.in.ReadString('\n')
	if err != nil {
		return "", err
	}
	if !strings.HasSuffix(line, "\r\n") {
		return "", fmt.Errorf("mailtest: a line without CR LF: %q", line)
	}
	return strings.TrimSuffix(line, "\r\n"), nil
}

// say answers a command, or what the test wants answered, or nothing until the server is closed.
func (v *visit) say(command string, lines ...string) error {
	v.mu.Lock()
	other, hangs := v.answers[command], v.hung[command]
	v.mu.Unlock()
	if hangs {
		<-v.stop
		return errGone
	}
	if other != "" {
		lines = []string{other}
	}
	_, err := v.conn.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
	return err
}

// refuses tells that the test wants a command refused.
func (v *visit) refuses(command string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.answers[command] != ""
}

func (v *visit) obey(line string) error {
	switch command := verb(line); command {
	case "EHLO", "HELO":
		return v.say("EHLO", v.hello()...)
	case "STARTTLS":
		return v.startTLS()
	case "AUTH":
		return v.auth(line)
	case "MAIL":
		return v.mail(line)
	case "RCPT":
		return v.rcpt(line)
	case "DATA":
		return v.data()
	case "RSET", "NOOP":
		v.from, v.to = "", nil
		return v.say(command, "250 2.0.0 ok")
	case "QUIT":
		v.mu.Lock()
		v.quits++
		v.mu.Unlock()
		if err := v.say("QUIT", "221 2.0.0 bye"); err != nil {
			return err
		}
		return errGone
	default:
		return v.say(command, "502 5.5.2 not known: "+command)
	}
}

func (v *visit) hello() []string {
	lines := []string{v.Host}
	if v.StartTLS && !v.secure {
		lines = append(lines, "STARTTLS")
	}
	if v.User != "" && (v.secure || !v.StartTLS) {
		lines = append(lines, "AUTH PLAIN LOGIN")
	}
	lines = append(lines, "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
	for i := range lines {
		sign := "-"
		if i == len(lines)-1 {
			sign = " "
		}
		lines[i] = "250" + sign + lines[i]
	}
	return lines
}

func (v *visit) startTLS() error {
	if !v.StartTLS || v.secure {
		return v.say("STARTTLS", "503 5.5.1 not here")
	}
	if err := v.say("STARTTLS", "220 2.0.0 go on"); err != nil || v.refuses("STARTTLS") {
		return err
	}
	conn := tls.Server(v.conn, v.tls)
	if err := conn.Handshake(); err != nil {
		return err
	}
	*v = visit{Server: v.Server, conn: conn, in: bufio.NewReader(conn), secure: true} // RFC 3207 §4.2: all is forgotten
	return nil
}

func (v *visit) auth(line string) error {
	v.mu.Lock()
	v.signed++
	v.mu.Unlock()
	words := strings.Fields(line)
	if v.User == "" || len(words) != 3 || words[1] != "PLAIN" {
		return v.say("AUTH", "504 5.5.4 only PLAIN, with its answer at once")
	}
	want := base64.StdEncoding.EncodeToString([]byte("\x00" + v.User + "\x00" + v.Password))
	if words[2] != want {
		return v.say("AUTH", "535 5.7.8 wrong user or password")
	}
	v.known = !v.refuses("AUTH")
	return v.say("AUTH", "235 2.7.0 welcome")
}

func (v *visit) mail(line string) error {
	address, ok := path(line, "FROM:")
	switch {
	case v.User != "" && !v.known:
		return v.say("MAIL", "530 5.7.0 sign in first")
	case !ok:
		return v.say("MAIL", "501 5.5.4 no such sender")
	case !v.refuses("MAIL"):
		v.from, v.to, v.utf8 = address, nil, slices.Contains(strings.Fields(line), "SMTPUTF8")
	}
	if !v.utf8 && !ascii(address) {
		return v.say("MAIL", foreign)
	}
	return v.say("MAIL", "250 2.1.0 ok")
}

func (v *visit) rcpt(line string) error {
	address, ok := path(line, "TO:")
	switch {
	case v.from == "":
		return v.say("RCPT", "503 5.5.1 who writes?")
	case !ok:
		return v.say("RCPT", "501 5.5.4 no such recipient")
	case !v.utf8 && !ascii(address):
		return v.say("RCPT", foreign)
	case !v.refuses("RCPT"):
		v.to = append(v.to, address)
	}
	return v.say("RCPT", "250 2.1.5 ok")
}

// foreign is the answer of RFC 6531 §3.5 to an address that a client did not announce.
const foreign = "553 5.6.7 an address beyond ASCII without SMTPUTF8"

func ascii(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' }) }

func (v *visit) keepsAll() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.keeps
}

// path reads <address> after FROM: or TO:.
func path(line, word string) (string, bool) {
	_, rest, _ := strings.Cut(line, " ")
	rest, ok := strings.CutPrefix(rest, word+"<")
	address, parameters, closed := strings.Cut(rest, ">")
	return address, ok && closed && address != "" && (parameters == "" || parameters[0] == ' ')
}

func (v *visit) data() error {
	if len(v.to) == 0 {
		return v.say("DATA", "503 5.5.1 to whom?")
	}
	if err := v.say("DATA", "354 go on"); err != nil || v.refuses("DATA") {
		return err
	}
	raw, err := textproto.NewReader(v.in).ReadDotBytes()
	if err != nil {
		return err
	}
	if !v.refuses(".") || v.keepsAll() {
		m, err := parse(raw)
		if err != nil {
			return v.say(".", "554 5.6.0 "+strings.ReplaceAll(err.Error(), "\n", " "))
		}
		if header, _, _ := strings.Cut(string(raw), "\n\n"); !v.utf8 && !ascii(header) {
			return v.say(".", "554 5.6.7 a header beyond ASCII without SMTPUTF8")
		}
		m.From, m.Recipients, m.Secure, m.UTF8 = v.from, v.to, v.secure || v.Implicit, v.utf8
		v.mu.Lock()
		v.got = append(v.got, m)
		close(v.changed)
		v.changed = make(chan struct{})
		v.mu.Unlock()
	}
	v.from, v.to = "", nil
	return v.say(".", "250 2.0.0 kept")
}
