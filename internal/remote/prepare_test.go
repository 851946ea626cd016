package remote_test

import (
	"context"
	"strings"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store/storetest"
)

// TestPrepareTargets: what a member names becomes an id that is known here.
func TestPrepareTargets(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	ctx := context.Background()
	them := w.stranger("far.example")
	bob := them.actor("bob")
	them.serves(webfingerPath("bob@far.example"), jrd("bob@far.example", bob))
	note := them.note("1", bob)["id"].(string)
	for _, c := range []struct{ typ, named, id string }{
		{vocab.Follow, "@bob@far.example", bob}, {vocab.Block, bob, bob}, {vocab.Like, note, note}, {vocab.Announce, note, note}, {vocab.Flag, note, note},
	} {
		a := &vocab.Activity{Type: c.typ, Actor: alice, Object: vocab.Item{ID: c.named}, Objects: []vocab.Item{{ID: c.named}}}
		if err := us.Prepare(ctx, a, 0); err != nil {
			t.Fatalf("%s: %v", c.typ, err)
		}
		want(t, c.typ, a.Object.ID, c.id)
		us.apply(a)
	}
	for typ, ref := range map[string]string{vocab.Follow: "@nobody@far.example", vocab.Like: them.base + "/notes/none"} {
		err := us.Prepare(ctx, &vocab.Activity{Type: typ, Actor: alice, Object: vocab.Item{ID: ref}}, 0)
		want(t, typ+" of nothing", essaim.CodeOf(err), essaim.NotFound)
	}
}

// TestPrepareText: what was typed becomes HTML with links to accounts and tags; five unknown accounts are looked up, the rest stays text.
func TestPrepareText(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	us.person("carol")
	ctx := context.Background()
	them := w.stranger("far.example")
	typed := "Bonjour @carol et @lost@nowhere.example, #Mobilité"
	for n := range 8 {
		name := numbered("bob", n)
		them.serves(webfingerPath(name+"@far.example"), jrd(name+"@far.example", them.actor(name)))
		typed += " @" + name + "@far.example"
	}
	parent := them.note("parent", them.base+"/users/bob0")["id"].(string)
	note := vocab.New(vocab.Note, "").SetString("content", typed).SetString("inReplyTo", parent)
	a := &vocab.Activity{Type: vocab.Create, Actor: alice, Object: vocab.Item{Doc: note}}
	if err := us.Prepare(ctx, a, 0); err != nil {
		t.Fatal(err)
	}
	out := us.apply(a)
	_, mentions := vocab.ReadTags(note)
	want(t, "mentions", len(mentions), 2+4) // two are known: carol, and the author of the parent; of the five looked up one is nowhere
	for part, there := range map[string]bool{`href="https://far.example/users/bob0"`: true, "@lost@nowhere.example": true, `nowhere.example"`: false, "/tags/mobilite": true,
		"@bob7@far.example": true, "users/bob7": false} {
		want(t, part, strings.Contains(out.Object.HTML, part), there)
	}
	if o := us.object(parent); o == nil || out.Object.ReplyTo != o.ID {
		t.Error("the post is not tied to what it answers")
	}
	w.settle()
	want(t, "delivered", them.types(), "Create")

	html := vocab.New(vocab.Note, "").SetString("content", "<p>a &lt;b&gt; <em>c</em></p>")
	if err := us.Prepare(ctx, &vocab.Activity{Type: vocab.Create, Actor: alice, Object: vocab.Item{Doc: html}}, 0); err != nil {
		t.Fatal(err)
	}
	want(t, "HTML stays", html.String("content"), "<p>a &lt;b&gt; <em>c</em></p>")
}

// TestPrepareRecipients: an actor that is addressed and was never seen is read, so that the post reaches him.
func TestPrepareRecipients(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	them := w.stranger("far.example")
	bob := them.actor("bob")
	a := &vocab.Activity{Type: vocab.Create, Actor: alice, To: []string{bob}, Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>x</p>")}}
	if err := us.Prepare(context.Background(), a, 0); err != nil {
		t.Fatal(err)
	}
	us.apply(a)
	w.settle()
	want(t, "received", them.types(), "Create")
}
