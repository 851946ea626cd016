package mail_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"essaim/internal/essaim"
	"essaim/internal/mail"
	"essaim/internal/mail/mailtest"
)

func digest() mail.Letter {
	return mail.Letter{To: "ines@a.example", Language: "fr", Subject: "Votre semaine : 2 projets", Heading: "Votre semaine", Bulk: true,
		Paragraphs: []string{"Ce qui s'est passé du 16 au 22 novembre."}, Instance: "Accélérateur de Bretagne",
		Sections: []mail.Section{
			{Heading: "Projets suivis", Items: []mail.Item{
				{Title: "Guichet itinérant", Text: "Le camion passe par 12 communes.", Link: "https://innov.example/@guichet", Meta: "18 novembre"},
				{Title: "Transport solidaire <arrêté>", Link: "javascript:alert(1)"}}},
			{Heading: "Rien ici"},
		},
		Button: &mail.Button{Label: "Voir la suite", URL: "https://innov.example/accueil?a=1&b=2"}, Reason: "Vous recevez ce message parce que vous le voulez bien.",
		Unsubscribe: "https://innov.example/desabonner/abc"}
}

// Whoever reads the text and whoever reads the page are told the same.
func TestBothPartsSayTheSame(t *testing.T) {
	m := sent(t, digest())
	for _, words := range []string{"Votre semaine", "Ce qui s’est passé du 16 au 22\u00a0novembre.", "Projets suivis", "Guichet itinérant", "Le camion passe par 12 communes.",
		"18\u00a0novembre", "Transport solidaire", "Voir la suite", "Accélérateur de Bretagne", "Vous recevez ce message parce que vous le voulez bien.", "Ne plus recevoir ces messages",
		"https://innov.example/@guichet", "https://innov.example/desabonner/abc"} {
		if !strings.Contains(m.Text, words) {
			t.Errorf("the text lacks %q:\n%s", words, m.Text)
		}
		if !strings.Contains(m.HTML, words) {
			t.Errorf("the page lacks %q:\n%s", words, m.HTML)
		}
	}
	if m.Subject != "Votre semaine\u00a0: 2 projets" || m.Link("accueil") != "https://innov.example/accueil?a=1&b=2" {
		t.Errorf("subject %q, link %q", m.Subject, m.Link("accueil"))
	}
	for _, unwanted := range []string{"javascript:", "Rien ici", "<arrêté>"} {
		if strings.Contains(m.HTML, unwanted) {
			t.Errorf("the page holds %q", unwanted)
		}
	}
}

func TestHeaders(t *testing.T) {
	m := sent(t, digest())
	for name, want := range map[string]string{"From": `=?utf-8?q?Acc=C3=A9l=C3=A9rateur_de_Bretagne?= <noreply@innov.example>`, "To": "<ines@a.example>", "Date": "Mon, 23 Nov 2026 12:00:00 +0000",
		"Message-Id": "<letter.1@innov.example>", "Auto-Submitted": "auto-generated", "Precedence": "bulk", "Content-Language": "fr", "Mime-Version": "1.0",
		"List-Unsubscribe": "<https://innov.example/desabonner/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} {
		if got := m.Header.Get(name); got != want || len(m.Header[name]) != 1 {
			t.Errorf("%s: %q, want %q once", name, m.Header[name], want)
		}
	}
	if m.From != "noreply@innov.example" || len(m.Recipients) != 1 || m.Recipients[0] != "ines@a.example" {
		t.Errorf("envelope: %s to %v", m.From, m.Recipients)
	}
	m = sent(t, confirmation())
	for _, name := range []string{"Precedence", "List-Unsubscribe", "List-Unsubscribe-Post", "User-Agent", "X-Mailer", "Bcc"} {
		if got, ok := m.Header[name]; ok {
			t.Errorf("a letter to one person has %s: %q", name, got)
		}
	}
}

func TestEnglish(t *testing.T) {
	l := digest()
	l.Language = "en"
	m := sent(t, l)
	if !strings.Contains(m.HTML, `<html lang="en">`) || !strings.Contains(m.Text, "Stop receiving these messages:\n") || m.Header.Get("Content-Language") != "en" {
		t.Errorf("%s", m.Raw)
	}
	if m = sent(t, confirmation()); !strings.Contains(m.HTML, `<html lang="fr">`) {
		t.Error("French is not said to be")
	}
}

// A page that asks nothing of anybody: no picture, no font, no style from elsewhere, nothing that counts who reads.
func TestNothingIsFetched(t *testing.T) {
	m := sent(t, digest())
	if found := regexp.MustCompile(`(?i)<(img|script|iframe|link|object|embed|video|audio|form|base)\b|\bsrc=|url\(|@import|\bon\w+=|http-equiv`).FindString(m.HTML); found != "" {
		t.Errorf("the page has %s", found)
	}
}

func TestAttachment(t *testing.T) {
	l := confirmation()
	l.Attachment = &mail.Attachment{Name: "rendez-vous d'été.ics", Type: "text/calendar; method=PUBLISH; charset=utf-8", Data: []byte("BEGIN:VCALENDAR\r\n.\r\nEND:VCALENDAR\r\n")}
	m := sent(t, l)
	if len(m.Files) != 1 || !bytes.Equal(m.Files[0].Data, l.Attachment.Data) || !strings.HasPrefix(m.Files[0].Type, "text/calendar; charset=utf-8; method=PUBLISH") {
		t.Fatalf("files: %+v", m.Files)
	}
	if m.Text == "" || m.HTML == "" {
		t.Error("the letter itself is lost")
	}
	for _, a := range []mail.Attachment{{Name: "a.ics", Type: "text/calendar\r\nBcc: x@y.example", Data: []byte("x")}, {Name: "../a", Type: "text/plain", Data: []byte("x")},
		{Name: "a\r\nBcc: x@y.example", Type: "text/plain", Data: []byte("x")}, {Name: `a".ics`, Type: "text/plain", Data: []byte("x")}, {Name: "a", Type: "text/plain"},
		{Name: "a", Type: "text/plain", Data: make([]byte, 1<<20+1)}, {Name: "a", Type: "message/rfc822", Data: []byte("x")}, {Name: "", Type: "text/plain", Data: []byte("x")}} {
		l.Attachment = &a
		if err := l.Check(); essaim.CodeOf(err) != essaim.Invalid {
			t.Errorf("%q %q: %v", a.Name, a.Type, err)
		}
	}
}

// Lines that are a dot, that begin with one, and that never end arrive as they were written (RFC 5321 §4.5.2, §4.5.3.1.6).
func TestDotsAndLongLines(t *testing.T) {
	long := strings.Repeat("é", 3000)
	l := confirmation()
	l.Heading = "."
	l.Paragraphs = []string{".", "..deux", ". suite", long, "From ici", strings.TrimSpace(strings.Repeat("mot ", 900))}
	m := sent(t, l)
	for _, want := range []string{"\n.\n", "\n..deux\n", "\n. suite\n", "\n" + long + "\n", "\nFrom ici\n"} {
		if !strings.Contains("\n"+m.Text, want) {
			t.Errorf("the text lacks %.20q", want)
		}
	}
	if !strings.Contains(m.HTML, "<p>..deux</p>") || !strings.Contains(m.HTML, "<h1>.</h1>") || !strings.Contains(m.HTML, long) {
		t.Error("the page changed on the way")
	}
	for line := range strings.Lines(m.Text) {
		if n := len([]rune(line)); n > 80 && !strings.Contains(line, "éé") {
			t.Errorf("a line of %d characters", n)
		}
	}
}

// hostile is what a name or a title may hold to become a header, a recipient or a command.
const hostile = "x\r\nBcc: eve@evil.example\r\n\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n\u2028\u202e\x00"

// No field ends its header or its line: texts are put on one line, addresses are refused.
func TestSec_MailNoInjection(t *testing.T) {
	whole, err := json.Marshal(digest())
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]func(*mail.Letter){
		"Subject": func(l *mail.Letter) { l.Subject = hostile }, "Heading": func(l *mail.Letter) { l.Heading = hostile },
		"Paragraphs": func(l *mail.Letter) { l.Paragraphs = []string{hostile} }, "Section.Heading": func(l *mail.Letter) { l.Sections[0].Heading = hostile },
		"Item.Title": func(l *mail.Letter) { l.Sections[0].Items[0].Title = hostile }, "Item.Text": func(l *mail.Letter) { l.Sections[0].Items[0].Text = hostile },
		"Item.Meta": func(l *mail.Letter) { l.Sections[0].Items[0].Meta = hostile }, "Item.Link": func(l *mail.Letter) { l.Sections[0].Items[0].Link = "https://a.example/" + hostile },
		"Button.Label": func(l *mail.Letter) { l.Button.Label = hostile }, "Closing": func(l *mail.Letter) { l.Closing = []string{hostile} },
		"Reason": func(l *mail.Letter) { l.Reason = hostile }, "Instance": func(l *mail.Letter) { l.Instance = hostile },
		"Language": func(l *mail.Letter) { l.Language = "fr\r\nBcc: eve@evil.example" },
	}
	for field, set := range texts {
		var l mail.Letter
		if err := json.Unmarshal(whole, &l); err != nil {
			t.Fatal(err)
		}
		set(&l)
		m := sent(t, l)
		if m.Header["Bcc"] != nil || len(m.Recipients) != 1 || m.From != "noreply@innov.example" || len(m.Header) != 13 {
			t.Errorf("%s: header %v, to %v", field, m.Header, m.Recipients)
		}
		for _, part := range []string{m.Subject, m.Text, m.HTML} {
			if strings.Contains(part, "\nBcc:") || strings.Contains(part, "\n.\n") || strings.ContainsAny(part, "\u2028\u202e\x00") {
				t.Errorf("%s: a line of its own: %q", field, part)
			}
		}
	}
	for field, set := range map[string]func(*mail.Letter){
		"To": func(l *mail.Letter) { l.To = "ines@a.example\r\nBcc: eve@evil.example" }, "To name": func(l *mail.Letter) { l.To = "\"I\r\nBcc: eve@evil.example\" <ines@a.example>" },
		"To argument": func(l *mail.Letter) { l.To = `"a> ORCPT=x <b"@a.example` }, "To encoded": func(l *mail.Letter) { l.To = "=?utf-8?q?a=0D=0ABcc:_x?= <ines@a.example>\r\n" },
		"Button.URL": func(l *mail.Letter) { l.Button.URL = "https://a.example/" + hostile }, "Unsubscribe": func(l *mail.Letter) { l.Unsubscribe = "https://a.example/>\r\nBcc: eve@evil.example" },
		"Unsubscribe bracket": func(l *mail.Letter) { l.Unsubscribe = "https://a.example/>,<mailto:eve@evil.example" },
		"Unsubscribe scheme":  func(l *mail.Letter) { l.Unsubscribe = "mailto:eve@evil.example" },
	} {
		var l mail.Letter
		if err := json.Unmarshal(whole, &l); err != nil {
			t.Fatal(err)
		}
		set(&l)
		if err := l.Check(); essaim.CodeOf(err) != essaim.Invalid {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// A name that is encoded to hold line ends loses them.
func TestSec_MailEncodedName(t *testing.T) {
	l := confirmation()
	l.To = "=?utf-8?q?Eve=0D=0ABcc=3A_eve=40evil.example?= <ines@a.example>"
	m := sent(t, l)
	if m.Header["Bcc"] != nil || len(m.Recipients) != 1 {
		t.Errorf("header %v", m.Header)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || strings.ContainsAny(to[0].Name, "\r\n") {
		t.Errorf("to %v, %v", to, err)
	}
}

func TestAddress(t *testing.T) {
	for _, ok := range []string{"ines@a.example", "Inès <ines.le-goff+essaim@mairie.a.example>", "o'neil@a.example", "ines@évreux.example", "noreply@127.0.0.1"} {
		if _, err := mail.Address(ok); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
	for _, bad := range []string{"", "ines", "@a.example", "ines@", "ines@@a.example", "ines@a..example", "ines@.example", "ines@a.example.", "a@b@c.example", `"a b"@a.example`, "<>", "ines@a.example, karim@b.example",
		"ines@a.example>", "ines@[127.0.0.1]", "ines@a_b.example", "ines@a.example\n", "\u202eines@a.example", "inès@a.example", "ines@ａ.example", "ines@xn--a.example", "ines@[::1]", strings.Repeat("a", 65) + "@a.example", "ines@" + strings.Repeat("a.", 200) + "example"} {
		if a, err := mail.Address(bad); essaim.CodeOf(err) != essaim.Invalid {
			t.Errorf("%q is taken as %v", bad, a)
		}
	}
}

// A domain with accents is written as every server reads it, and no server is asked for more than ASCII: one on the way that knows no better would send the
// letter back.
func TestADomainWithAccents(t *testing.T) {
	l := confirmation()
	l.To = "Inès <ines@Évreux.example>"
	s := mailtest.Start(t, mailtest.Options{})
	if err := carrier(t, s).Carry(t.Context(), &l, mail.Stamp{ID: "letter.1", Date: noon}); err != nil {
		t.Fatal(err)
	}
	for _, m := range s.Messages() {
		if to := m.Header.Get("To"); m.UTF8 || m.Recipients[0] != "ines@xn--vreux-9ra.example" || to != "=?utf-8?q?In=C3=A8s?= <ines@xn--vreux-9ra.example>" {
			t.Errorf("to %v, header %q, SMTPUTF8 %v", m.Recipients, to, m.UTF8)
		}
	}
}

func TestCheckNamesTheField(t *testing.T) {
	for field, l := range map[string]mail.Letter{"to": {Subject: "x"}, "subject": {To: "ines@a.example", Subject: " \r\n "},
		"button":      {To: "ines@a.example", Subject: "x", Button: &mail.Button{Label: "Ouvrir", URL: "/accueil"}},
		"unsubscribe": {To: "ines@a.example", Subject: "x", Unsubscribe: "https://a.example/" + strings.Repeat("a", 900)}} {
		if err := l.Check(); err == nil || !strings.HasPrefix(err.Error(), field+": ") {
			t.Errorf("%s: %v", field, err)
		}
	}
}
