package essaim

import (
	"slices"

	"essaim/federation/vocab"
)

// Visibility is who may see an object, read from its addressing (federation §6 "Audience").
type Visibility int16

// From widest to narrowest.
const (
	PublicV   Visibility = iota // Public in to
	Unlisted                    // Public in cc
	Followers                   // the author's followers
	Direct                      // only those named
)

// String gives the word used in logs and settings.
func (v Visibility) String() string {
	switch v {
	case PublicV:
		return "public"
	case Unlisted:
		return "unlisted"
	case Followers:
		return "followers"
	}
	return "direct"
}

// VisibilityOf reads the visibility from to and cc; followers is the author's followers collection, "" when it is not known.
func VisibilityOf(to, cc []string, followers string) Visibility {
	switch {
	case slices.ContainsFunc(to, vocab.IsPublic):
		return PublicV
	case slices.ContainsFunc(cc, vocab.IsPublic):
		return Unlisted
	case followers != "" && (slices.Contains(to, followers) || slices.Contains(cc, followers)):
		return Followers
	}
	return Direct
}

// Address gives to and cc for a visibility; named are those mentioned or answered. followers may be "" for an author without any.
func (v Visibility) Address(followers string, named ...string) (to, cc []string) {
	add := func(list []string, iris ...string) []string {
		for _, iri := range iris {
			if iri != "" && !slices.Contains(to, iri) && !slices.Contains(list, iri) {
				list = append(list, iri)
			}
		}
		return list
	}
	switch v {
	case PublicV:
		to, cc = []string{vocab.Public}, add(nil, followers)
	case Unlisted:
		to, cc = add(nil, followers), []string{vocab.Public}
	case Followers:
		to = add(nil, followers)
	default:
		return add(nil, named...), nil
	}
	return to, add(cc, named...)
}

// Viewer is whoever looks: nobody when Actor is 0.
type Viewer struct {
	Actor ID
}

// Seen is what CanSee needs to know of an object.
type Seen struct {
	Author     ID
	Visibility Visibility
	Named      bool // the viewer is among the recipients
	Follows    bool // the viewer's follow of the author is accepted
	Deleted    bool
	Suspended  bool // the author is suspended here
}

// CanSee is the one predicate of visibility (law 4); store.visible is the same in SQL, and a property test holds them equal.
func CanSee(v Viewer, s Seen) bool {
	switch {
	case s.Deleted || s.Suspended:
		return false
	case s.Visibility <= Unlisted:
		return true
	case v.Actor == 0:
		return false
	case v.Actor == s.Author || s.Named:
		return true
	}
	return s.Visibility == Followers && s.Follows
}
