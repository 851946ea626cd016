package mail

import (
	netmail "net/mail"
	"strings"
	"time"
	"unicode"

	"essaim/federation/fetch"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/text"
)

// Letter is what a letter is made from. Every text is plain text, without markup and in Language; French spacing is set when it is rendered. Its JSON is
// the argument of a job, so it holds values only.
//
// It reads from top to bottom: Heading, Paragraphs, Sections, Button, Closing, then in small Reason, Instance and the way out (Unsubscribe).
type Letter struct {
	To         string      // one address, with or without a name: ines@a.example, Inès <ines@a.example>
	Language   i18n.Lang   // French when empty
	Subject    string      // required
	Heading    string      // the Subject when empty
	Paragraphs []string    `json:",omitempty"`
	Sections   []Section   `json:",omitempty"`
	Button     *Button     `json:",omitempty"` // the one thing to do
	Closing    []string    `json:",omitempty"` // lines after the button: what happens if nothing is done, who to ask
	Reason     string      `json:",omitempty"` // « Vous recevez ce message parce que … »
	Instance   string      `json:",omitempty"` // name of the sender; the outbox fills it
	Attachment *Attachment `json:",omitempty"`

	// Unsubscribe is the http or https address that ends letters of this sort with one POST (RFC 8058 §3.1) and shows a page that asks, for whoever follows it
	// as a link.
	Unsubscribe string `json:",omitempty"`
	// Bulk marks what goes to many at once: it says so (Precedence: bulk) and keeps nobody waiting who waits for a letter of their own.
	Bulk bool `json:",omitempty"`
	// Within is how long after its queueing the letter is worth sending, such as the life of the link it holds; 0 is the seven days of the queue.
	Within time.Duration `json:"-"`
}

// Section is a part of a letter with a heading of its own, which may be empty.
type Section struct {
	Heading string `json:",omitempty"`
	Items   []Item
}

// Item is an entry of a section. Title is required; Meta is a date, a place, an author.
type Item struct {
	Title string
	Text  string `json:",omitempty"`
	Link  string `json:",omitempty"` // http or https; anything else is left out
	Meta  string `json:",omitempty"`
}

// Button is the main link. Its label starts with a verb.
type Button struct{ Label, URL string }

// Attachment is a file that goes with the letter. Type is its media type, such as "text/calendar; method=PUBLISH".
type Attachment struct {
	Name, Type string
	Data       []byte
}

// The longest parts of a letter, in characters, and the largest attachment, in bytes: a header line may not pass 998 (RFC 5322 §2.1.1) and a job is a row.
const (
	maxSubject    = 200
	maxLine       = 300
	maxParagraph  = 5000
	maxURL        = 800
	maxAttachment = 1 << 20
)

// Check tells what makes a letter impossible to send, as an essaim.Error of code invalid that names the field.
func (l *Letter) Check() error {
	if _, err := Address(l.To); err != nil {
		return err
	}
	if line(l.Subject, maxSubject) == "" {
		return essaim.FieldError("subject", "a letter needs a subject")
	}
	if l.Button != nil && (!linkable(l.Button.URL) || line(l.Button.Label, maxLine) == "") {
		return essaim.FieldError("button", "the button of a letter needs a label and a full http or https address of at most %d characters", maxURL)
	}
	if l.Unsubscribe != "" && !linkable(l.Unsubscribe) {
		return essaim.FieldError("unsubscribe", "the address that ends letters must be a full http or https address of at most %d characters", maxURL)
	}
	if l.Attachment != nil {
		return l.Attachment.check()
	}
	return nil
}

// Address reads one address, with or without a name. Only what every mail server reads in the same way is taken: no quoted local part, no route, nothing that
// cannot be seen, no accent before the @ (few servers know RFC 6531). The domain it returns is in lower case and in A-labels (S32). The fault it returns names
// the field "to".
func Address(s string) (*netmail.Address, error) {
	wrong := essaim.FieldError("to", "this is not an e-mail address; write it like prenom.nom@exemple.fr")
	if len(s) > 500 || strings.ContainsFunc(s, unseen) {
		return nil, wrong
	}
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return nil, wrong
	}
	local, domain, _ := strings.Cut(a.Address, "@")
	host, err := fetch.NormalHost(domain)
	if err != nil || local == "" || len(local) > 64 || strings.ContainsFunc(local, unfitForLocal) || strings.ContainsAny(domain, ":[") || strings.HasSuffix(domain, ".") {
		return nil, wrong
	}
	a.Address = local + "@" + host
	return a, nil
}

// unfitForLocal: RFC 5322 §3.2.3 lets an atom hold the rest of ASCII.
func unfitForLocal(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune("()<>[]:;@\\,\"", r)
}

// unseen: what ends a line, hides, or turns the direction of what follows.
func unseen(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

// line is a text on one line: no end of line, no control character, at most n characters.
func line(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	return text.Excerpt(s, n)
}

// linkable tells an address that may stand in a letter.
func linkable(raw string) bool {
	if len(raw) > maxURL {
		return false
	}
	u, ok := text.SafeURL(raw)
	return ok && u == raw
}
