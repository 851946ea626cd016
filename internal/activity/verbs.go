package activity

import (
	"context"

	"essaim/federation/vocab"
)

// verb is what one type of activity does. verify only reads, and refuses; receive changes.
type verb struct {
	verify, receive func(ctx context.Context, c *change) error
}

// verbOf is every activity we act on, on one screen. What is not here is answered 202 and dropped (federation §14).
func verbOf(typ string) (verb, bool) {
	switch typ {
	case vocab.Create:
		return verb{verifyCreate, receiveCreate}, true
	case vocab.Update:
		return verb{verifyUpdate, receiveUpdate}, true
	case vocab.Delete:
		return verb{verifyDelete, receiveDelete}, true
	case vocab.Follow:
		return verb{verifyFollow, receiveFollow}, true
	case vocab.AcceptType:
		return verb{verifyAnswer, receiveAccept}, true
	case vocab.Reject:
		return verb{verifyAnswer, receiveReject}, true
	case vocab.Undo:
		return verb{verifyUndo, receiveUndo}, true
	case vocab.Announce:
		return verb{verifyAnnounce, receiveAnnounce}, true
	case vocab.Like:
		return verb{verifyLike, receiveLike}, true
	case vocab.Block:
		return verb{verifyBlock, receiveBlock}, true
	case vocab.Flag:
		return verb{verifyFlag, receiveFlag}, true
	case vocab.Invite:
		return verb{verifyMembership, receiveInvite}, true
	case vocab.Join:
		return verb{verifyMembership, receiveJoin}, true
	case vocab.Add:
		return verb{verifyMembership, receiveAdd}, true
	case vocab.Leave, vocab.Remove:
		return verb{verifyMembership, receiveLeave}, true
	}
	return verb{}, false
}
