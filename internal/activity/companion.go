package activity

import (
	"context"
	"errors"
	"fmt"
	"html"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

// announceOwn has the instance actor announce a public object of this host, once, to its followers: that is how Mobilizon lists an event and how a
// national instance hears of everything (A1). A Group or an Organization announces its own event to instances that follow it, and to them alone (A2).
func (c *change) announceOwn(ctx context.Context, o *store.Object) error {
	instance, err := store.ActorByIRI(ctx, c.tx, c.Site.Instance())
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	to, cc := essaim.PublicV.Address(instance.Followers, c.a.Actor)
	announce := &vocab.Activity{Type: vocab.Announce, Actor: instance.IRI, To: to, CC: cc, Object: vocab.Item{ID: o.IRI}}
	if _, err := c.further(ctx, announce, nil); err != nil {
		return err
	}
	if o.Kind != essaim.KindEvent || c.actor.Type != vocab.Group && c.actor.Type != vocab.Organization {
		return nil
	}
	instances, err := store.FollowerInboxes(ctx, c.tx, c.actor.ID, true)
	if err != nil || len(instances) == 0 {
		return err
	}
	to, cc = essaim.PublicV.Address(c.actor.Followers)
	self := &vocab.Activity{Type: vocab.Announce, Actor: c.a.Actor, To: to, CC: cc, Object: vocab.Item{ID: o.IRI}}
	_, err = c.further(ctx, self, func(f *change) { f.audience = instances })
	return err
}

// companion publishes the Note that tells strangers of a thing they cannot show, and has the instance announce it (design §14, §16).
func (c *change) companion(ctx context.Context, by *store.Actor, about essaim.Thing, sentence string) error {
	doc := about.Encode()
	to, cc := essaim.PublicV.Address(by.Followers)
	note := vocab.New(vocab.Note, "").SetText("content", string(c.Language), "<p>"+sentence+"</p>").SetString("about", doc.ID()).
		SetStrings("territory", doc.Strings("territory")...).SetStrings("to", to...).SetStrings("cc", cc...)
	f, err := c.further(ctx, &vocab.Activity{Type: vocab.Create, Actor: by.IRI, To: to, CC: cc, Object: vocab.Item{Doc: note}}, nil)
	if err != nil {
		return err
	}
	return f.announceOwn(ctx, f.object)
}

// link makes the HTML of a sentence followed by the way to read on; word is the key of the link's text.
func (c *change) link(sentence, word, url string) string {
	return fmt.Sprintf(`%s <a href="%s">%s</a>`, html.EscapeString(sentence), html.EscapeString(url), html.EscapeString(i18n.T(c.Language, word)))
}

// projectPublished says that a project is new.
func (c *change) projectPublished(p *essaim.Project) string {
	sentence := i18n.T(c.Language, "note.project.published", p.Name)
	if p.Promise != "" {
		sentence = i18n.T(c.Language, "note.project.promise", p.Name, p.Promise)
	}
	return c.link(sentence, "note.link.project", p.URL)
}

// tellWhatChanged writes the Notes that an Update of ours calls for: a project that passes to another phase or stops, an event that is cancelled or
// moved, since several servers ignore Updates (R11).
func (c *change) tellWhatChanged(ctx context.Context, was *store.Object) error {
	if c.visibility == essaim.PublicV && (c.kind.Announced || c.kind.Companion) {
		c.also = append(c.also, c.Site.Instance()+"/followers") // those who heard of it from the instance hear of the change
	}
	switch now := c.thing.(type) {
	case *essaim.Project:
		if was.Phase == now.Phase {
			return nil
		}
		return c.companion(ctx, c.actor, now, c.phaseChanged(now, was.Phase))
	case *essaim.Event:
		before, ok := was.Thing().(*essaim.Event)
		if !ok || now.Status == before.Status && now.Starts.Equal(before.Starts) {
			return nil
		}
		return c.eventNote(ctx, now)
	}
	return nil
}

func (c *change) phaseChanged(p *essaim.Project, was string) string {
	phase, comment := essaim.Phases.Label(p.Phase, c.Language), ""
	if n := len(p.History); n > 0 {
		comment = p.History[n-1].Comment
	}
	var sentence string
	switch {
	case p.Phase == "stopped":
		sentence = i18n.T(c.Language, "note.project.stopped", p.Name, essaim.StopReasons.Label(p.StopReason, c.Language))
	case p.Phase == "paused":
		sentence = i18n.T(c.Language, "note.project.paused", p.Name)
	case was == "paused" || was == "stopped":
		sentence = i18n.T(c.Language, "note.project.resumed", p.Name, phase)
	case comment != "":
		sentence = i18n.T(c.Language, "note.project.phase_comment", p.Name, phase, comment)
	default:
		sentence = i18n.T(c.Language, "note.project.phase", p.Name, phase)
	}
	return c.link(sentence, "note.link.project", p.URL)
}

// eventNote answers the event with a public Note by its organiser.
func (c *change) eventNote(ctx context.Context, e *essaim.Event) error {
	when, sentence := e.When(c.Language), ""
	switch e.Status {
	case essaim.EventCancelled:
		sentence = i18n.T(c.Language, "note.event.cancelled", e.Name, when)
		if e.Reason != "" {
			sentence = i18n.T(c.Language, "note.event.cancelled_reason", e.Name, when, e.Reason)
		}
	case essaim.EventPostponed:
		sentence = i18n.T(c.Language, "note.event.postponed", e.Name)
	case essaim.EventRescheduled:
		sentence = i18n.T(c.Language, "note.event.rescheduled", e.Name, when)
	case essaim.EventMovedOnline:
		sentence = i18n.T(c.Language, "note.event.online", e.Name, when)
	default:
		return nil
	}
	sentence = c.link(sentence, "note.link.details", e.URL)
	note := vocab.New(vocab.Note, "").SetText("content", string(c.Language), "<p>"+sentence+"</p>").SetString("inReplyTo", e.ID).
		SetStrings("to", e.To...).SetStrings("cc", e.CC...)
	_, err := c.further(ctx, &vocab.Activity{Type: vocab.Create, Actor: c.a.Actor, To: e.To, CC: e.CC, Object: vocab.Item{Doc: note}}, nil)
	return err
}
