// Package activity changes content. Apply is the only way to it, whoever asks: a member, another server, an import, a backfill (law 1).
//
// Before its transaction an activity is normalised and its text sanitised; inside, seven steps: normalise, authorise, record, the handler of
// the activity, notify, address, enqueue. One file holds each activity, with verify (may this be?) beside receive (do it). The list of them is
// in verbs.go.
//
// What the package refuses: the network (what must be fetched is fetched before, by internal/remote, or left as a job for after), the system
// clock and system randomness (they are given), and deciding twice: an activity whose id is known changes nothing (law 2, S16).
package activity
