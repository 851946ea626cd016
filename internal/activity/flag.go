package activity

import (
	"context"
	"encoding/json"

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
	report := &store.Report{ID: c.newID(c.now), Reporter: c.actor.ID, Content: text.Excerpt(c.a.Content, maxFlag), Activity: c.a.ID, Created: c.now}
	var iris []string
	var named []vocab.Item // without what the reporter may have embedded
	var host string
	for _, it := range c.a.Objects[:min(len(c.a.Objects), 50)] {
		iris, named = append(iris, it.ID), append(named, vocab.Item{ID: it.ID})
		if target, err := store.ActorByIRI(ctx, c.tx, it.ID); err == nil && report.Target == 0 {
			report.Target, host = target.ID, target.IRI
		}
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
	if c.from.kind != local || host == "" || c.Site.Owns(host) {
		return nil
	}
	forward := &vocab.Activity{Type: vocab.Flag, Actor: c.Site.Instance(), To: []string{host}, Content: report.Content, Objects: named}
	forward.Object = forward.Objects[0]
	_, err = c.further(ctx, forward, nil)
	return err
}
