// Package inbox is the door through which other servers hand in activities (AP §7.1): an http.Handler that checks one
// POST in the order of security.md §9 and hands what stands to the caller.
//
//	method, inbox, media type, rate, size      nothing read yet
//	signature headers, window, digest          no key needed (federation/sig)
//	JSON limits, actor, id, policy of hosts    no request has left
//	Delete or Update of oneself by a stranger  202 before any key is looked for (federation-K4)
//	key, signature, one refresh                the only network use, and not ours: the caller's Key
//	seen before, Accept                        202 means that Accept has committed
//
// What it refuses to do: act on an activity, retrieve anything, keep a queue, or tell a sender more than one sentence of
// its own words (S26). It knows nothing of the product behind it.
//
// Where the references leave a choice: an activity whose id is not of its actor's server is answered 202 and dropped
// (S2), as is one of a type nobody knows; an activity without actor or type is malformed, 400; one signed by somebody
// else than its actor is handed over as Forwarded, for the caller to look at its ids alone (S1, S13).
package inbox
