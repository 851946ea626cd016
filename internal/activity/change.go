package activity

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// change is one activity on its way through the seven steps, inside a transaction.
type change struct {
	*Service
	tx      *store.Tx
	content store.Content
	now     time.Time
	depth   int // of activities that bring further ones

	*prepared
	id     essaim.ID    // of the activity
	actor  *store.Actor // who acts; nil only when an actor brings its own document
	object *store.Object
	status Status

	visibility essaim.Visibility
	told       []store.Notification
	jobs       []jobs.New
	also       []string      // addresses beside to and cc: those who heard of the thing through the instance actor
	silent     bool          // nobody is to be sent this
	audience   []store.Inbox // when set, these and no others: a self-announce to instances only (A2)
}

const maxDepth = 4

// apply runs the steps. The closure that holds it may be run again, so nothing it reads from p is changed for good (design §4).
func (s *Service) apply(ctx context.Context, tx *store.Tx, p *prepared, depth int) (Outcome, error) {
	v, known := verbOf(p.a.Type)
	if !known {
		return Outcome{Status: Ignored}, nil
	}
	activity := *p.a
	own := *p
	own.a = &activity
	c := &change{Service: s, tx: tx, content: tx.Content(), now: s.Clock().UTC(), depth: depth, prepared: &own}
	if err := c.normalise(ctx); err != nil {
		return Outcome{}, err
	}
	if fresh, err := c.record(ctx); err != nil || !fresh {
		return Outcome{Status: Known, Activity: c.id, IRI: activity.ID}, err
	}
	if err := c.authorise(ctx, v); err != nil {
		if errors.Is(err, errIgnored) {
			return Outcome{Status: Ignored}, c.forget(ctx)
		}
		if !expected(err) {
			return Outcome{}, err
		}
		if forgot := c.forget(ctx); forgot != nil {
			return Outcome{}, forgot
		}
		return Outcome{}, notWritten{err}
	}
	if err := v.receive(ctx, c); err != nil {
		return Outcome{}, err
	}
	for _, step := range []func(context.Context) error{c.notify, c.address, c.enqueue} {
		if err := step(ctx); err != nil {
			return Outcome{}, err
		}
	}
	return Outcome{Status: c.status, Activity: c.id, IRI: c.a.ID, Object: c.object}, nil
}

// errIgnored ends an activity that is in order and concerns nobody here.
var errIgnored = errors.New("it concerns nobody here")

func (c *change) byUs() bool     { return c.from.kind == local || c.from.kind == system }
func (c *change) recorded() bool { return c.a.ID != "" }

func (c *change) newID(t time.Time) essaim.ID {
	if t.IsZero() {
		t = c.now
	}
	return essaim.NewID(t, c.now, c.Random())
}

// normalise gives a local activity its id, date and audience, and reads the actor's row.
func (c *change) normalise(ctx context.Context) error {
	actor, err := store.ActorByIRI(ctx, c.tx, c.a.Actor)
	switch {
	case err == nil:
		c.actor = actor
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	if !c.byUs() {
		c.id = c.newID(c.a.Published)
		if c.from.kind == remote { // what arrives now is news now: the order of arrival is the order of the timeline
			c.id = c.newID(c.now)
		}
		return nil
	}
	if c.actor == nil || !c.actor.Local || c.actor.State >= store.Suspended {
		return essaim.Errorf(essaim.Forbidden, "%s does not act here", c.a.Actor)
	}
	if c.a.Published.IsZero() || c.a.Published.After(c.now) {
		c.a.Published = c.now
	}
	c.id = c.newID(c.a.Published)
	c.a.ID = c.Site.Activity(c.id)
	switch c.a.Type {
	case vocab.Create:
		return c.nameThing(ctx)
	case vocab.Update:
		return c.nextVersion(ctx)
	case vocab.Announce:
		return c.addressAnnounce(ctx)
	case vocab.Block:
		c.a.To, c.a.CC, c.a.BTo, c.a.BCC = nil, nil, nil, nil // receiveBlock names the one whom it concerns
	}
	return nil
}

// record notes the activity; a known id ends here, quietly (S16). What is fetched without a Create of its own has no id and leaves no record.
func (c *change) record(ctx context.Context) (bool, error) {
	if !c.recorded() {
		return true, nil
	}
	row := &store.Activity{ID: c.id, IRI: c.a.ID, Type: c.a.Type, ObjectIRI: c.a.Object.ID, TargetIRI: c.a.Target.ID, Origin: int(c.from.kind),
		Visibility: essaim.VisibilityOf(c.a.To, c.a.CC, c.followers()), Published: c.a.Published, Extra: c.extra()}
	if row.Published.IsZero() {
		row.Published = c.now
	}
	if c.actor != nil {
		row.Actor = c.actor.ID
	}
	c.visibility = row.Visibility
	return c.content.RecordActivity(ctx, row)
}

func (c *change) forget(ctx context.Context) error {
	if !c.recorded() {
		return nil
	}
	return c.content.ForgetActivity(ctx, c.id)
}

func (c *change) followers() string {
	if c.actor == nil {
		return ""
	}
	return c.actor.Followers
}

// extra keeps what a Flag, a Reject, a result or a role say: references and a reason, no content (law 3).
func (c *change) extra() string {
	e := struct {
		To     []string `json:"to,omitempty"`
		CC     []string `json:"cc,omitempty"`
		Result string   `json:"result,omitempty"`
		Reason string   `json:"reason,omitempty"`
		Role   string   `json:"role,omitempty"`
	}{c.a.To, c.a.CC, c.a.Result.ID, c.a.Reason, ""}
	if c.a.Type == vocab.Invite || c.a.Type == vocab.Add {
		e.Role = c.a.Name
	}
	b, err := json.Marshal(e)
	if err != nil {
		return "{}"
	}
	return string(b)
}

// authorise asks who may: the instance's policy, the standing of the actor, then the activity's own rules.
func (c *change) authorise(ctx context.Context, v verb) error {
	if !c.byUs() {
		if c.actor != nil && c.actor.State >= store.Suspended {
			return refused("%s is suspended here", c.a.Actor)
		}
		policy, err := store.PolicyOf(ctx, c.tx, essaim.HostOf(c.a.Actor))
		if err != nil {
			return err
		}
		if policy == store.HostBlocked {
			return refused("%s is blocked here (S33)", essaim.HostOf(c.a.Actor))
		}
	}
	if c.from.kind == local {
		if err := c.mayAct(ctx); err != nil {
			return err
		}
	}
	return v.verify(ctx, c)
}

// mayAct tells whether the account signed in may act as the activity's actor: itself, or a project or organisation where it is owner or editor
// (product V8); for the instance, an admin.
func (c *change) mayAct(ctx context.Context) error {
	account, err := store.AccountByID(ctx, c.tx, c.from.account)
	if err != nil || account.State != store.AccountActive {
		return essaim.Errorf(essaim.Unauthorized, "this account may not act: %w", err)
	}
	if acts, err := c.standsFor(ctx, account, c.actor.ID); err != nil || acts {
		return err
	}
	instance := c.actor.Kind == essaim.KindInstance || c.actor.Kind == essaim.KindAccelerator
	if instance && slices.Contains([]string{"admin", "publisher"}, account.Role) {
		return nil
	}
	return essaim.Errorf(essaim.Forbidden, "you have no role in %s that lets you act for it", c.actor.Handle)
}

// standsFor tells whether an actor is the account's own, or one in which it has a role that acts for it.
func (c *change) standsFor(ctx context.Context, account *store.Account, actor essaim.ID) (bool, error) {
	if account.Actor == actor {
		return true, nil
	}
	role, err := store.Role(ctx, c.tx, account.Actor, actor)
	return role == "owner" || role == "editor", err
}

// actsFor is standsFor of the account that is signed in.
func (c *change) actsFor(ctx context.Context, actor essaim.ID) (bool, error) {
	account, err := store.AccountByID(ctx, c.tx, c.from.account)
	if err != nil {
		return false, err
	}
	return c.standsFor(ctx, account, actor)
}

// tell notes that an actor of ours should hear of this; blocks and the actor itself are sorted out in notify.
func (c *change) tell(actor essaim.ID, kind string, object essaim.ID) {
	c.told = append(c.told, store.Notification{Actor: actor, Kind: kind, Object: object})
}

// notify writes the notifications: never of one's own acts, never across a block, never for what was fetched.
func (c *change) notify(ctx context.Context) error {
	if c.from.kind == fetched || c.actor == nil {
		return nil
	}
	told, err := c.toTeams(ctx, c.told)
	if err != nil {
		return err
	}
	me := c.founder(ctx) // does not hear of what it does in the name of a team
	for _, n := range told {
		if n.Actor == c.actor.ID || n.Actor == me {
			continue
		}
		blocked, err := store.Blocks(ctx, c.tx, n.Actor, c.actor.ID)
		if err != nil {
			return err
		}
		if blocked {
			continue
		}
		n.ID, n.Source, n.Activity, n.Created = c.newID(c.now), c.actor.ID, c.id, c.now
		if err := c.content.Notify(ctx, &n); err != nil {
			return err
		}
		if n.Kind == "mention" || n.Kind == "reply" { // the rest waits for the weekly letter (product Q1)
			c.jobs = append(c.jobs, jobs.New{Kind: JobNotice, Object: int64(n.Object), Args: NoticeArgs{Notification: int64(n.ID)}})
		}
	}
	return nil
}

// enqueue leaves what remains to be done after the commit as jobs of the same transaction (LB17).
func (c *change) enqueue(ctx context.Context) error {
	if len(c.jobs) == 0 {
		return nil
	}
	return c.Jobs.Insert(ctx, c.tx, c.jobs...)
}

// further applies an activity that this one brings about: the Accept of a Follow, the announce of an event, a companion Note.
func (c *change) further(ctx context.Context, a *vocab.Activity, adjust func(*change)) (*change, error) {
	if c.depth >= maxDepth {
		return nil, essaim.Errorf(essaim.Internal, "activities bring about each other without end")
	}
	if a.Published.IsZero() && c.byUs() {
		a.Published = c.a.Published // what is entered with a date in the past was told then
	}
	p, err := c.prepare(a, System())
	if err != nil {
		return nil, err
	}
	v, _ := verbOf(a.Type)
	f := &change{Service: c.Service, tx: c.tx, content: c.content, now: c.now, depth: c.depth + 1, prepared: p}
	if adjust != nil {
		adjust(f)
	}
	steps := []func(context.Context) error{f.normalise, func(ctx context.Context) error { _, err := f.record(ctx); return err },
		func(ctx context.Context) error { return f.authorise(ctx, v) }, func(ctx context.Context) error { return v.receive(ctx, f) }, f.notify, f.address, f.enqueue}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return f, nil
}
