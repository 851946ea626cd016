// Package essaim is the ground floor: what Essaim speaks of. Kinds (one file each, listed in Kinds), vocabularies, territories, ids, handles,
// addresses, audience, visibility, errors.
//
// It holds no SQL, no HTTP, no clock and no randomness: those are given to it. Adding a kind costs one file here and one line in Kinds.
package essaim
