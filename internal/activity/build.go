package activity

import (
	"essaim/federation/vocab"
	"essaim/internal/essaim"
)

// Create is the activity by which an actor of ours publishes a thing; its audience is the thing's, public to the actor's followers when it has none.
func Create(actor string, thing essaim.Thing) *vocab.Activity {
	return &vocab.Activity{Type: vocab.Create, Actor: actor, Object: vocab.Item{Doc: thing.Encode()}}
}

// Update is the activity by which an actor of ours changes a thing; comment is kept with the step when it changes the phase of a project.
func Update(actor string, thing essaim.Thing, comment string) *vocab.Activity {
	doc := thing.Encode()
	return &vocab.Activity{Type: vocab.Update, Actor: actor, Content: comment, Object: vocab.Item{ID: doc.ID(), Doc: doc}}
}

// About is an activity that only names its object: Follow, Like, Announce, Block, Delete.
func About(typ, actor, object string) *vocab.Activity {
	return &vocab.Activity{Type: typ, Actor: actor, Object: vocab.Item{ID: object}}
}
