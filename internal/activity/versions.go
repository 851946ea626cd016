package activity

import (
	"context"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// keepVersion keeps what an object said before an Update, for its history. People and bodies have none: what somebody no longer says of themselves
// is nobody's business. What was for fewer readers than the new version is forgotten, and all that came before it, since the history is shown to
// whoever may see the object.
func (c *change) keepVersion(ctx context.Context, was, now *store.Object) error {
	kind, _ := essaim.KindNamed(was.Kind)
	switch {
	case was.Doc == now.Doc || was.Kind == "" || kind.Actor && was.Kind != essaim.KindProject:
		return nil
	case now.Visibility < was.Visibility:
		return c.content.DropVersions(ctx, was.ID)
	}
	return c.content.KeepVersion(ctx, was)
}
