package activity

import (
	"context"
	"encoding/json"
	"errors"

	"essaim/federation/vocab"
	"essaim/internal/store"
	"essaim/internal/text"
)

func verifyFlag(_ context.Context, c *change) error {
	if c.actor == nil || len(c.a.Objects) == 0 {
		return refused("a Flag needs what it reports, by somebody known")
	}
	return nil
}

// maxFlag is how much of a reason is kept and sent (federation §11).
const maxFlag = 5000

// receiveFlag files a report and tells the moderators. A member's own report goes on to the other server from the instance actor, so that the
// reporter stays unknown there (federation §11).
func receiveFlag(ctx context.Context, c *change) error {
	if c.from.kind == system {
		return nil // it was filed when the member made it
	}
	report := &store.Report{ID: c.newID(c.now), Reporter: c.actor.ID, Words: text.Excerpt(c.a.Content, maxFlag), Activity: c.a.ID, Created: c.now, Reason: c.a.Reason}
	var iris []string
	var named []vocab.Item // without what the reporter may have embedded
	var host string
	var err error
	for _, it := range c.a.Objects[:min(len(c.a.Objects), 50)] {
		iris, named = append(iris, it.ID), append(named, vocab.Item{ID: it.ID})
		if target, err := store.ActorByIRI(ctx, c.tx, it.ID); err == nil && report.Target == 0 {
			report.Target, host = target.ID, target.IRI
		}
	}
	if report.Snapshot, err = c.snapshot(ctx, iris); err != nil {
		return err
	}
	objects, err := json.Marshal(iris)
	if err != nil {
		return err
	}
	report.Objects = string(objects)
	if err := c.content.Report(ctx, report); err != nil {
		return err
	}
	staff, err := store.Staff(ctx, c.tx)
	if err != nil {
		return err
	}
	for _, account := range staff {
		c.tell(account.Actor, "report", 0)
	}
	c.silent = true
	if c.from.kind != local || c.from.kept || host == "" || c.Site.Owns(host) {
		return nil
	}
	forward := &vocab.Activity{Type: vocab.Flag, Actor: c.Site.Instance(), To: []string{host}, Content: report.Words, Objects: named}
	forward.Object = forward.Objects[0]
	_, err = c.further(ctx, forward, nil)
	return err
}

// maxSnapshot is how much of what was reported is kept beside the report.
const maxSnapshot = 4000

// snapshot is the words of what is reported as they stand now: who changes or deletes them later does not change the case.
func (c *change) snapshot(ctx context.Context, iris []string) (string, error) {
	for _, iri := range iris {
		o, err := store.ObjectByIRI(ctx, c.tx, iri)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if o.AttributedTo != 0 {
			return text.Excerpt(text.Plain(o.HTML), maxSnapshot), nil
		}
	}
	return "", nil
}
