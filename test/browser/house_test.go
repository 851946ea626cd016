package browser

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"essaim/internal/activity"
	"essaim/internal/app"
	"essaim/internal/auth"
	"essaim/internal/config"
	"essaim/internal/essaim"
	"essaim/internal/mail/mailtest"
)

// house is one instance of a story: a real listener, a database file, jobs running, a mail server.
type house struct {
	*app.App
	url  string
	post *mailtest.Server // where its letters go
}

// opened starts an instance on loopback, and ends it with the test. Settings are NAME, value pairs over those that loopback needs.
func opened(t *testing.T, name string, settings ...string) *house {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	post := mailtest.Start(t, mailtest.Options{})
	dir, url := t.TempDir(), "http://"+listener.Addr().String()
	set := map[string]string{"ESSAIM_URL": url, "ESSAIM_LISTEN": listener.Addr().String(), "ESSAIM_DATA": dir, "ESSAIM_LOOPBACK": "1",
		"ESSAIM_SMTP": post.URL(), "ESSAIM_MAIL_FROM": "essaim@maison.example",
		"ESSAIM_DATABASE": "sqlite:" + filepath.Join(dir, "essaim.db")}
	for i := 0; i < len(settings); i += 2 {
		set[settings[i]] = settings[i+1]
	}
	cfg, _, err := config.Load(func(string) string { return "" }, "", set)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(context.Background(), app.Options{Config: cfg, Keys: keys, Name: name, Description: "Un accélérateur public pour les essais.", Demonstration: true,
		Accelerator: &essaim.Profile{Kind: essaim.KindAccelerator, Handle: "accelerateur", Name: name, HTML: "<p>Nous essayons.</p>", Language: "fr",
			Territories: []string{"fr:departement:48"}, Discoverable: true, Indexable: true}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("%s did not end well: %v", name, err)
		}
	})
	return &house{a, url, post}
}

// apply does something as the instance, before the story begins.
func (h *house) apply(t *testing.T, thing essaim.Thing, as string) activity.Outcome {
	t.Helper()
	out, err := h.Activity.Apply(context.Background(), activity.Create(as, thing), activity.System())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// passphrase of every member of a story.
const passphrase = "une phrase assez longue"

// member makes an account that has its password; role is member, moderator or admin.
func (h *house) member(t *testing.T, handle, name, role string) {
	t.Helper()
	ctx := context.Background()
	_, secret, err := h.Auth.CreateAccount(ctx, auth.NewAccount{Handle: handle, Name: name, Email: handle + "@maison.example", Role: role})
	if err == nil {
		_, err = h.Auth.ChoosePassword(ctx, secret, passphrase)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// signedIn is a browser in which a member has already signed in.
func (h *house) signedIn(t *testing.T, handle, lang string) *person {
	t.Helper()
	c, err := session(h.App, handle)
	if err != nil {
		t.Fatal(err)
	}
	p := visitor(t, h.url, lang)
	if err := p.tab.Keep(h.url, c); err != nil {
		t.Fatal(err)
	}
	return p
}

// settles waits until no job of the houses is due or under way.
func (h *house) settles(t *testing.T, others ...*house) {
	t.Helper()
	quiet := 0
	for deadline := time.Now().Add(patience); quiet < 3; time.Sleep(30 * time.Millisecond) {
		busy := 0
		for _, house := range append(others, h) {
			n, err := house.Backlog(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			busy += n
		}
		if quiet++; busy > 0 {
			quiet = 0
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d jobs are still waiting", busy)
		}
	}
}
