package activity

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// Decision is what a moderator decides of a report, or of an actor when there is no report.
type Decision struct {
	Report  essaim.ID // 0 for none
	Actor   essaim.ID // whom it is about when there is no report
	By      essaim.ID // account of the moderator
	Verdict string    // of essaim.ModerationDecisions
	Note    string    // why: told to both sides
}

// NotCarriedOut is the decision of the vocabulary that nothing here acts on yet, so that nobody is told it was done.
const NotCarriedOut = "content_limited"

// reinstated is the verb of a decision that is taken back.
const reinstated = "account_reinstated"

// Decide carries a decision out: what it does to content, accounts and servers, what both sides are told, and the line in the journal, in one transaction. A
// report that was decided meanwhile is a Conflict.
func (s *Service) Decide(ctx context.Context, d Decision) error {
	if !essaim.ModerationDecisions.Has(d.Verdict) || d.Verdict == NotCarriedOut {
		return essaim.FieldError("decision", "no decision is called %q", d.Verdict)
	}
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		m, err := s.moderation(ctx, tx, d)
		if err != nil {
			return err
		}
		r := &store.Report{Target: d.Actor}
		if d.Report != 0 {
			if r, err = store.ReportByID(ctx, tx, d.Report); err != nil {
				return err
			}
			r.Decision, r.Note, r.Decided, r.DecidedBy = d.Verdict, d.Note, m.now, d.By
			mine, err := m.content.DecideReport(ctx, r)
			if err != nil {
				return err
			}
			if !mine {
				return essaim.Errorf(essaim.Conflict, "somebody decided this meanwhile")
			}
		}
		target, err := m.carryOut(ctx, d.Verdict, r)
		if err != nil {
			return err
		}
		if err := m.tellBoth(ctx, d, r, target); err != nil {
			return err
		}
		return tx.Audit(ctx, int64(m.newID(m.now)), m.now, m.who, d.Verdict, target, d.Note)
	})
}

// Reinstate lifts what limits an actor.
func (s *Service) Reinstate(ctx context.Context, actor, by essaim.ID, note string) error {
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		m, err := s.moderation(ctx, tx, Decision{By: by})
		if err != nil {
			return err
		}
		a, err := store.ActorByID(ctx, tx, actor)
		if err != nil {
			return err
		}
		if a.State == store.GoneActor {
			return essaim.Errorf(essaim.Gone, "%s was deleted", a.Address())
		}
		if a.State == store.Active {
			return essaim.Errorf(essaim.Conflict, "nothing limits %s", a.Address())
		}
		if err := m.content.SetActorState(ctx, actor, store.Active); err != nil {
			return err
		}
		return tx.Audit(ctx, int64(m.newID(m.now)), m.now, m.who, reinstated, a.Address(), note)
	})
}

// moderation is a decision on its way, inside a transaction.
type moderation struct {
	*change
	who       string // handle of the moderator
	moderator essaim.ID
}

func (s *Service) moderation(ctx context.Context, tx *store.Tx, d Decision) (*moderation, error) {
	account, err := store.AccountByID(ctx, tx, d.By)
	if err != nil || account.State != store.AccountActive || account.Role != "moderator" && account.Role != "admin" {
		return nil, essaim.Errorf(essaim.Forbidden, "only moderators decide")
	}
	a, err := store.ActorByID(ctx, tx, account.Actor)
	if err != nil {
		return nil, err
	}
	c := &change{Service: s, tx: tx, content: tx.Content(), now: s.Clock().UTC(), prepared: &prepared{a: &vocab.Activity{}, from: System()}}
	return &moderation{c, a.Handle, a.ID}, nil
}

// carryOut does what a decision asks for, and names whom it struck.
func (m *moderation) carryOut(ctx context.Context, verdict string, r *store.Report) (string, error) {
	target, err := store.ActorByID(ctx, m.tx, r.Target)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil // what was reported is of nobody known: nothing to do but to say so
	}
	if err != nil {
		return "", err
	}
	if target.ID == m.moderator {
		return "", essaim.Errorf(essaim.Forbidden, "nobody decides of themselves: another moderator does")
	}
	switch verdict {
	case "content_removed":
		return target.Address(), m.remove(ctx, r)
	case "account_limited":
		return target.Address(), m.standing(ctx, target, store.Limited)
	case "account_suspended":
		return target.Address(), m.standing(ctx, target, store.Suspended)
	case "instance_limited", "instance_suspended":
		return target.Host, m.hostPolicy(ctx, target, verdict, r.Note)
	}
	return target.Address(), nil
}

// remove deletes what was reported and is by whom the report names, since a report may list the texts of anybody: ours as their author would, so that servers that received it erase it too; that of others as if its server had said so,
// since it goes from here whatever they do.
func (m *moderation) remove(ctx context.Context, r *store.Report) error {
	var iris []string
	if err := json.Unmarshal([]byte(r.Objects), &iris); err != nil {
		return err
	}
	for _, iri := range iris {
		o, err := store.ObjectByIRI(ctx, m.tx, iri)
		if errors.Is(err, store.ErrNotFound) || err == nil && (o.AttributedTo == 0 || o.AttributedTo != r.Target || !o.Deleted.IsZero()) {
			continue // an actor, of somebody else, or gone already
		}
		if err != nil {
			return err
		}
		author, err := store.ActorByID(ctx, m.tx, o.AttributedTo)
		if err != nil {
			return err
		}
		if _, isActor := store.ActorByID(ctx, m.tx, o.ID); isActor == nil {
			continue // a project is not removed by a report of its page: its account is limited or suspended
		}
		from := System()
		if !author.Local {
			from = Fetched(author.Host)
		}
		if _, err := m.ApplyTx(ctx, m.tx, About(vocab.Delete, author.IRI, o.IRI), from); err != nil {
			return err
		}
	}
	return nil
}

// standing limits or suspends an actor; who is suspended is signed out everywhere. The instance and the last admin are not.
func (m *moderation) standing(ctx context.Context, a *store.Actor, state store.ActorState) error {
	if a.Kind == essaim.KindInstance && a.Local {
		return essaim.Errorf(essaim.Forbidden, "the instance itself is not limited")
	}
	account, err := store.AccountByActor(ctx, m.tx, a.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil {
		if account.Role == "admin" {
			return essaim.Errorf(essaim.Forbidden, "an administrator is not limited; change the role first")
		}
		if state == store.Suspended {
			if _, err := m.tx.EndSessions(ctx, account.ID, ""); err != nil {
				return err
			}
		}
	}
	if a.State >= state {
		return nil // a lighter decision lifts no heavier one: Reinstate does
	}
	return m.content.SetActorState(ctx, a.ID, state)
}

// hostPolicy limits or blocks the server of an actor (S33).
func (m *moderation) hostPolicy(ctx context.Context, a *store.Actor, verdict, reason string) error {
	if a.Local {
		return essaim.Errorf(essaim.Invalid, "this instance does not block itself")
	}
	policy := store.HostLimited
	if verdict == "instance_suspended" {
		policy = store.HostBlocked
	}
	return m.tx.UpdateHost(ctx, a.Host, m.now, func(h *store.Host) {
		if h.Policy != store.HostBlocked || policy == store.HostBlocked { // a lighter decision lifts no heavier one
			h.Policy, h.Reason = policy, reason
		}
	})
}

// tellBoth notes for both sides that it was decided; letters follow.
func (m *moderation) tellBoth(ctx context.Context, d Decision, r *store.Report, target string) error {
	if d.Report == 0 {
		return nil
	}
	sides := []essaim.ID{r.Reporter}
	if d.Verdict != "no_action" && !strings.HasPrefix(d.Verdict, "instance_") && r.Target != r.Reporter {
		sides = append(sides, r.Target) // who is not to blame is not troubled
	}
	for i, side := range sides {
		a, err := store.ActorByID(ctx, m.tx, side)
		if errors.Is(err, store.ErrNotFound) || err == nil && !a.Local {
			continue
		}
		if err != nil {
			return err
		}
		n := &store.Notification{ID: m.newID(m.now), Actor: side, Kind: map[bool]string{true: "decided", false: "sanction"}[i == 0], Source: m.instance(ctx), Activity: r.ID, Created: m.now}
		if err := m.content.Notify(ctx, n); err != nil {
			return err
		}
		if err := m.Jobs.Insert(ctx, m.tx, jobs.New{Kind: JobNotice, Args: NoticeArgs{Notification: int64(n.ID)}}); err != nil {
			return err
		}
	}
	return nil
}

// instance is who speaks for the moderators: their names stay among them.
func (m *moderation) instance(ctx context.Context) essaim.ID {
	a, err := store.ActorByIRI(ctx, m.tx, m.Site.Instance())
	if err != nil {
		return 0
	}
	return a.ID
}
