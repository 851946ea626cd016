// Package fedi is our side of ActivityPub over HTTP: actors, objects, activities and collections as documents, the inbox
// where other servers deliver, the outbox and inbox where the clients of our members speak (AP §6), and the well-known
// addresses by which all of it is found.
//
// One file holds one resource. Reading goes through ask.go, which knows who asks; writing through the inbox (a job) or
// activity.Apply, never past them. Documents are written by federation/vocab from what the store holds, completed by
// internal/essaim; nothing a user wrote is ever served as a document of its own making (S43).
//
// What it refuses: to act on an activity while its sender waits, to tell the hidden from the absent (S45), to serve the
// page of a person (the addresses meet in internal/app), and to retrieve anything by itself but the key of a signer.
package fedi
