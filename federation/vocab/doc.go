// Package vocab reads and writes ActivityStreams 2.0 documents.
//
// A document is an Object: an ordered set of properties behind typed accessors. Reading is tolerant (a property of the wrong shape
// counts as absent, S30) but only after the guards of Parse (size, depth, tokens, duplicate keys, JSON-LD keywords; S25-S29). Writing is
// exact: our own @context, contentMap beside content, coordinates with a decimal point, arrays kept as arrays, no nulls (G17).
//
// The package refuses to fetch anything, to expand JSON-LD, to let a library decide who the actor of a document is (G14), and to hand out
// maps of any: what it does not name is kept in the document and travels on untouched (G15).
//
// Sources: ActivityStreams 2.0 (W3C REC 2017-05-23), ActivityPub, FEP-8a8e, FEP-2c59, FEP-844e, FEP-521a.
package vocab
