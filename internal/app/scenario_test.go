package app

import (
	"context"
	"net/http"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func TestAProjectIsFollowedFromElsewhereAndItsNewsArrives(t *testing.T) {
	scenario(t, func(n *network) {
		a, b := n.instance("a.example"), n.instance("b.example")
		ines, karim := n.member(a, "ines"), n.member(b, "karim")
		project := ines.founds("guichet")
		karim.follows(project)
		n.settle()
		if count, _ := store.CountTargets(context.Background(), b.DB.Read(), store.RelFollow, n.id(b, karim.iri)); count != 1 {
			t.Fatal("the follow was not accepted")
		}
		post := ines.posts(project, "<p>Nous voilà.</p>")
		n.settle()
		n.mustKnow(b, post.Object.IRI, "<p>Nous voilà.</p>")
		edited := post.Object.Thing().(*essaim.Post)
		edited.HTML = "<p>Nous voilà deux.</p>"
		ines.does(activity.Update(project, edited, ""))
		n.settle()
		n.mustKnow(b, post.Object.IRI, "<p>Nous voilà deux.</p>")
		ines.does(activity.About(vocab.Delete, project, post.Object.IRI))
		n.settle()
		if _, ok := n.knows(b, post.Object.IRI); ok {
			t.Error("the deleted post stands at b")
		}
	})
}

func (n *network) id(a *App, iri string) essaim.ID {
	n.t.Helper()
	id, err := store.ObjectID(context.Background(), a.DB.Read(), iri)
	if err != nil {
		n.t.Fatalf("%s at %s: %v", iri, a.Site.Host, err)
	}
	return id
}

func TestTheNationalInstanceGathersWhatTheOthersPublish(t *testing.T) {
	scenario(t, func(n *network) {
		a, national := n.instance("a.example"), n.instance("national.example", "ESSAIM_ROLE=national")
		ines := n.member(a, "ines")
		if _, err := national.Remote.FollowAs(context.Background(), national.Site.Instance(), "a.example"); err != nil {
			t.Fatal(err)
		}
		n.settle()
		project := ines.founds("guichet")
		event := ines.does(activity.Create(project, &essaim.Event{Name: "Atelier", HTML: "<p>Venez.</p>", Starts: n.now().Add(72 * time.Hour), Zone: "Europe/Paris"}))
		n.settle()
		n.mustKnow(national, project, "")
		n.mustKnow(national, event.Object.IRI, "<p>Venez.</p>")
		o, err := store.ObjectByIRI(context.Background(), national.DB.Read(), project)
		if err != nil || o.Kind != essaim.KindProject || o.Phase != "pilot" {
			t.Errorf("the project at the national instance: %+v, %v", o, err)
		}
		p := o.Thing().(*essaim.Project)
		p.Phase = "stopped"
		p.StopReason = "funding"
		ines.does(activity.Update(project, p, "Plus de budget"))
		n.settle()
		if o, _ = store.ObjectByIRI(context.Background(), national.DB.Read(), project); o.Phase != "stopped" {
			t.Errorf("the phase at the national instance is %s", o.Phase)
		}
	})
}

func TestRepliesTravelAndNotify(t *testing.T) {
	scenario(t, func(n *network) {
		a, b := n.instance("a.example"), n.instance("b.example")
		ines, karim := n.member(a, "ines"), n.member(b, "karim")
		karim.follows(ines.iri)
		n.settle()
		question := ines.posts(ines.iri, "<p>Qui a déjà essayé ?</p>")
		n.settle()
		answer := karim.does(activity.Create(karim.iri, &essaim.Post{HTML: "<p>Nous.</p>", InReplyTo: question.Object.IRI,
			Mentions: []vocab.Tag{{Type: vocab.Mention, Href: ines.iri, Name: "@ines@a.example"}}}))
		n.settle()
		n.mustKnow(a, answer.Object.IRI, "<p>Nous.</p>")
		told, err := store.Notifications(context.Background(), a.DB.Read(), n.id(a, ines.iri), store.Page{})
		if err != nil || len(told) != 2 || told[0].Kind != "reply" || told[1].Kind != "follow" {
			t.Errorf("ines was told %v, %v", told, err)
		}
		replies, err := store.Replies(context.Background(), a.DB.Read(), 0, question.Object.ID, 0, 10)
		if err != nil || len(replies) != 1 {
			t.Errorf("replies: %d, %v", len(replies), err)
		}
	})
}

func TestADownServerGetsEverythingWhenItIsBack(t *testing.T) {
	scenario(t, func(n *network) {
		a, b := n.instance("a.example"), n.instance("b.example")
		ines, karim := n.member(a, "ines"), n.member(b, "karim")
		karim.follows(ines.iri)
		n.settle()
		n.Down("b.example")
		first := ines.posts(ines.iri, "<p>un</p>")
		second := ines.posts(ines.iri, "<p>deux</p>")
		ines.does(activity.About(vocab.Delete, ines.iri, first.Object.IRI))
		n.settle()
		n.Up("b.example")
		for range 8 {
			n.pass(8 * time.Hour)
			n.settle()
		}
		n.mustKnow(b, second.Object.IRI, "<p>deux</p>")
		if _, ok := n.knows(b, first.Object.IRI); ok {
			t.Error("what was deleted while b was away stands at b")
		}
	})
}

func TestTwoInstancesThatMeetAtTheSameMomentDoNotDeadlock(t *testing.T) {
	scenario(t, func(n *network) {
		a, b := n.instance("a.example", "ESSAIM_SECURE_FETCH=1"), n.instance("b.example", "ESSAIM_SECURE_FETCH=1")
		ines, karim := n.member(a, "ines"), n.member(b, "karim")
		done := make(chan struct{}, 2)
		go func() { ines.follows(karim.iri); done <- struct{}{} }()
		go func() { karim.follows(ines.iri); done <- struct{}{} }()
		for range 2 {
			select {
			case <-done:
			case <-time.After(30 * time.Second):
				t.Fatal("deadlock")
			}
		}
		n.settle()
		for _, w := range []who{ines, karim} {
			if count, _ := store.CountTargets(context.Background(), w.DB.Read(), store.RelFollow, n.id(w.App, w.iri)); count != 1 {
				t.Errorf("%s follows %d", w.iri, count)
			}
		}
	})
}

func TestFirstContactTakesThreeRequestsAtMost(t *testing.T) {
	scenario(t, func(n *network) {
		a, b := n.instance("a.example"), n.instance("b.example")
		ines, karim := n.member(a, "ines"), n.member(b, "karim")
		karim.follows(ines.iri)
		n.Reset()
		n.settle()
		asked := 0
		for _, r := range n.Log() {
			if r.Method == http.MethodGet && r.Host == "b.example" {
				asked++
			}
		}
		if asked > 3 {
			t.Errorf("a asked b %d times: %v", asked, n.Log())
		}
	})
}
