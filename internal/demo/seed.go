package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// populate brings the world to life in the order in which it would happen: the instances meet, then publish, then answer each other.
func populate(ctx context.Context, all []*instance, now time.Time) error {
	for _, in := range all {
		if err := in.found(ctx); err != nil {
			return err
		}
	}
	for _, in := range all {
		for _, other := range all {
			if in == other {
				continue
			}
			if _, err := in.app.Remote.FollowAs(ctx, in.app.Site.Instance(), other.url); err != nil {
				return fmt.Errorf("demo: %s follows %s: %w", in.slug, other.slug, err)
			}
		}
	}
	if err := settle(ctx, all); err != nil {
		return err
	}
	posts := make(map[string]string)
	for _, in := range all {
		if err := in.publish(ctx, now, posts); err != nil {
			return err
		}
	}
	if err := settle(ctx, all); err != nil {
		return err
	}
	if err := exchange(ctx, all, posts); err != nil {
		return err
	}
	if err := settle(ctx, all); err != nil {
		return err
	}
	if err := mingle(ctx, all, posts); err != nil {
		return err
	}
	return settle(ctx, all)
}

// settle waits until no instance has anything left to deliver, apply or read.
func settle(ctx context.Context, all []*instance) error {
	deadline := time.Now().Add(2 * time.Minute)
	for quiet := 0; quiet < 3; {
		busy := 0
		for _, in := range all {
			n, err := in.app.Backlog(ctx)
			if err != nil {
				return err
			}
			busy += n
		}
		if quiet++; busy > 0 {
			quiet = 0
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("demo: %d jobs are still waiting after two minutes", busy)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

func (b body) profile(kind string) *essaim.Profile {
	if kind == "" {
		kind = essaim.KindAccelerator
	}
	return &essaim.Profile{Kind: kind, Handle: b.handle, Name: b.name, HTML: "<p>" + b.summary + "</p>", Language: "fr", Territories: b.territories, ActorKind: b.kind,
		Discoverable: true, Indexable: true}
}

// apply does something as a member, or as the instance when by is "".
func (in *instance) apply(ctx context.Context, by string, a *vocab.Activity) (activity.Outcome, error) {
	from := activity.System()
	if by != "" {
		account, err := in.app.Auth.AccountOf(ctx, by)
		if err != nil {
			return activity.Outcome{}, err
		}
		from = activity.Local(account.ID)
	}
	out, err := in.app.Activity.Apply(ctx, a, from)
	if err != nil {
		return out, fmt.Errorf("demo: %s: %s by %s: %w", in.slug, a.Type, a.Actor, err)
	}
	return out, nil
}

// introduce has people say who they are.
func (in *instance) introduce(ctx context.Context, who person) error {
	profile := &essaim.Profile{Kind: essaim.KindPerson, ID: in.app.Site.Actor(who.handle), Handle: who.handle, Name: who.name, Language: "fr", HTML: "<p>" + who.about + "</p>",
		Discoverable: !who.hidden, Indexable: true}
	if who.territory != "" {
		profile.Territories = []string{who.territory}
	}
	_, err := in.apply(ctx, who.handle, activity.Update(profile.ID, profile, ""))
	return err
}

func (in *instance) found(ctx context.Context) error {
	for _, who := range in.people {
		if err := in.introduce(ctx, who); err != nil {
			return err
		}
	}
	for _, b := range in.bodies {
		if _, err := in.apply(ctx, b.by, activity.Create(in.app.Site.Actor(b.by), b.profile(essaim.KindOrganisation))); err != nil {
			return err
		}
	}
	return nil
}

func (in *instance) publish(ctx context.Context, now time.Time, posts map[string]string) error {
	for _, p := range in.projects {
		thing := p.thing(in.app.Site, now)
		a := activity.Create(in.app.Site.Actor(p.by), thing)
		a.Published = thing.History[0].Date
		if _, err := in.apply(ctx, p.by, a); err != nil {
			return err
		}
	}
	for _, e := range in.events {
		if _, err := in.apply(ctx, "", activity.Create(in.app.Site.Actor(e.by), e.thing(now))); err != nil {
			return err
		}
	}
	for _, p := range in.posts {
		thing := &essaim.Post{HTML: p.text, Language: "fr"}
		if p.first != "" {
			thing.HTML = p.first
		}
		for _, t := range p.tags {
			thing.Hashtags = append(thing.Hashtags, vocab.Tag{Type: vocab.Hashtag, Name: t})
		}
		a := activity.Create(in.app.Site.Actor(p.by), thing)
		a.Published = now.AddDate(0, 0, -p.days)
		out, err := in.apply(ctx, "", a)
		if err != nil {
			return err
		}
		if p.key != "" {
			posts[p.key] = out.Object.IRI
		}
		if err := in.correct(ctx, p, out.Object); err != nil {
			return err
		}
	}
	return nil
}

// correct makes of a post what its author meant.
func (in *instance) correct(ctx context.Context, p post, o *store.Object) error {
	said, ok := o.Thing().(*essaim.Post)
	if p.first == "" || !ok {
		return nil
	}
	said.HTML = p.text
	a := activity.Update(in.app.Site.Actor(p.by), said, "")
	a.Published = o.Published.Add(time.Hour)
	_, err := in.apply(ctx, "", a)
	return err
}

func (p project) thing(site essaim.Site, now time.Time) *essaim.Project {
	t := &essaim.Project{
		Profile: essaim.Profile{Handle: p.handle, Name: p.name, HTML: p.summary, Language: "fr", Territories: p.territories, Discoverable: true, Indexable: true},
		Promise: p.promise, Carrier: site.Actor(p.carrier), Themes: p.themes, StopReason: p.stop, License: "etalab-2.0", OpenToTake: p.stop != "",
		Publics: p.publics, SDGs: p.goals, Contact: p.contact, Assets: p.left,
	}
	if p.investment+p.yearly+p.people > 0 {
		t.Costs = &essaim.Costs{Investment: told(p.investment), Yearly: told(p.yearly), FTE: told(p.people), FundedBy: p.fundedBy}
	}
	if p.worked+p.failed+p.conditions+p.avoid != "" {
		t.Lessons = &essaim.Lessons{Worked: p.worked, Failed: p.failed, Conditions: p.conditions, Avoid: p.avoid}
	}
	for _, x := range p.partners {
		partner := essaim.Partner{Name: x.name, Role: x.role}
		if x.actor != "" {
			partner.Actor = site.Actor(x.actor)
		}
		t.Partners = append(t.Partners, partner)
	}
	for _, l := range p.links {
		t.Links = append(t.Links, essaim.ProjectLink{Name: l[0], Href: l[1]})
	}
	for _, s := range p.steps {
		t.History = append(t.History, essaim.PhaseEntry{Phase: s.phase, Date: now.AddDate(0, 0, -s.days), Comment: s.comment})
		t.Phase = s.phase
	}
	for _, f := range p.figures {
		t.Indicators = append(t.Indicators, essaim.Indicator{Name: f.name, Unit: f.unit, Baseline: &f.baseline, Target: &f.target, Value: &f.value, Date: now.AddDate(0, -1, 0)})
	}
	return t
}

// told is a figure, nil when nobody said it.
func told(f float64) *float64 {
	if f == 0 {
		return nil
	}
	return &f
}

func (e event) thing(now time.Time) *essaim.Event {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		paris = time.UTC
	}
	day := now.In(paris).AddDate(0, 0, e.in)
	start := time.Date(day.Year(), day.Month(), day.Day(), 18, 0, 0, 0, paris)
	if e.hours > 4 {
		start = start.Add(-9 * time.Hour)
	}
	return &essaim.Event{Name: e.name, HTML: e.text, Language: "fr", Starts: start, Ends: start.Add(time.Duration(e.hours) * time.Hour), Zone: "Europe/Paris", EventKind: e.kind,
		Capacity: e.seats, Place: &essaim.EventPlace{Name: e.place, Locality: e.town, Country: "France"}, Territories: []string{e.territory}}
}

// mingle has people follow, like and pass on what they find, here and elsewhere, and one of them report what should not be there.
func mingle(ctx context.Context, all []*instance, posts map[string]string) error {
	sites := make(map[string]essaim.Site, len(all))
	for _, in := range all {
		sites[in.slug] = in.app.Site
	}
	for _, in := range all {
		for _, list := range []struct {
			verb string
			ties []tie
		}{{vocab.Follow, in.follows}, {vocab.Like, in.likes}, {vocab.Announce, in.boosts}} {
			for _, t := range list.ties {
				what := posts[t.what]
				if handle, slug, away := strings.Cut(t.what, "@"); away {
					what = sites[slug].Actor(handle)
				} else if list.verb == vocab.Follow {
					what = in.app.Site.Actor(t.what)
				}
				a := activity.About(list.verb, in.app.Site.Actor(t.by), what)
				account, err := in.app.Auth.AccountOf(ctx, t.by)
				if err != nil {
					return err
				}
				if err := in.app.Remote.Prepare(ctx, a, account.ID); err != nil {
					return fmt.Errorf("demo: %s: %s finds no %s: %w", in.slug, t.by, t.what, err)
				}
				if _, err := in.apply(ctx, t.by, a); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// exchange has people answer, follow and praise across instances.
func exchange(ctx context.Context, all []*instance, posts map[string]string) error {
	for _, r := range replies {
		for _, in := range all {
			if in.slug != r.from {
				continue
			}
			parent, err := store.ObjectByIRI(ctx, in.app.DB.Read(), posts[r.to])
			if errors.Is(err, store.ErrNotFound) {
				if _, err = in.app.Remote.Object(ctx, posts[r.to]); err == nil {
					parent, err = store.ObjectByIRI(ctx, in.app.DB.Read(), posts[r.to])
				}
			}
			if err != nil {
				return fmt.Errorf("demo: %s does not know %s: %w", in.slug, posts[r.to], err)
			}
			author, err := store.ActorByID(ctx, in.app.DB.Read(), parent.AttributedTo)
			if err != nil {
				return err
			}
			answer := &essaim.Post{HTML: r.text, Language: "fr", InReplyTo: parent.IRI, Mentions: []vocab.Tag{{Type: vocab.Mention, Href: author.IRI, Name: author.Address()}}}
			if _, err := in.apply(ctx, "", activity.Create(in.app.Site.Actor(r.by), answer)); err != nil {
				return err
			}
			if _, err := in.apply(ctx, "", activity.About(vocab.Like, in.app.Site.Actor(r.by), parent.IRI)); err != nil {
				return err
			}
			if _, err := in.apply(ctx, "", activity.About(vocab.Follow, in.app.Site.Actor(r.by), author.IRI)); err != nil {
				return err
			}
		}
	}
	return nil
}
