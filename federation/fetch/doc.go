// Package fetch is the careful way out: the one guarded dialer through which
// every connection to a destination named by an outsider goes (design law 5),
// and a client for signed ActivityPub requests on top of it.
//
// It follows ActivityPub §3.2 for retrieval and the rules S20 to S26, S31, S32,
// S36 and S39. What it refuses on purpose: plain http, other ports than 443, IP
// literals, private and special addresses (checked on the resolved address at
// connect time, so a name cannot be rebound behind our back), redirects on POST,
// sniffed content types, bodies that grow while being unpacked, and giving the
// body of a failed answer to anybody. It parses no ActivityPub: that the
// document at an address carries that same address as its id (S4) is for the
// caller to check, with Document.URL and SameOrigin.
package fetch
