// Package remote is everything that goes out: it resolves actors, objects and keys at their origin (ActivityPub §3.2), prepares activities so that
// Apply needs no network, delivers what Apply left as jobs (§7.1), and reads what other servers published before we knew them.
//
// It does the work of the jobs receive, deliver, forward, parent, backfill and erase. What came from outside is believed only where it was read:
// a document at the address that is its id (S4), an object of its author's own server (S3), a key and its owner naming each other (S5), a payload
// of the one who signed it (S13). Every request is signed, counted against the budget of what caused it (S36) and allowed by the instance's policy
// (S33). Nothing holds a lock across a request.
//
// What it refuses: to change content otherwise than by activity.Apply, to dial (a guarded fetch.Client is handed to it), to follow redirects of a
// POST, and to tell anybody what a failed request brought back (S26).
package remote
