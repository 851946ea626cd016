// Package collection is both sides of an ActivityStreams collection (AP §5, AS §3): serving one in pages from a function,
// and walking one of another server a page at a time under limits.
//
// Paging is by keyset: a page is found by the key of its neighbour, never by a number, so that what is published in the
// meantime shifts nothing. Cursors are opaque to readers.
//
// It refuses to hold a collection in memory, to follow a page to another server, to walk in a circle (S36), and to
// believe an item that lies on another server than the collection: of such a one only the id is passed on (S3).
package collection
