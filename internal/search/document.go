package search

import (
	"slices"
	"strings"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
	"essaim/internal/text"
)

// ownPlace marks the territories that an object names itself among those that contain them.
const ownPlace = "="

// maxBody is how much of a text is indexed, in bytes: the beginning says what it is about.
const maxBody = 40_000

// document is what an object says of itself: what it is counted by, and its words. Whether it may be found is decided in the transaction (feed.go).
type document struct {
	row  store.SearchRow
	text store.SearchText
	// of actors
	discoverable, indexable bool
}

// read makes the document of an object, from what every kind tells of itself: its summary and its columns.
func read(o *store.Object) document {
	d := document{row: store.SearchRow{Object: o.ID, Kind: o.Kind, Host: o.Host, Phase: known(&essaim.Phases, o.Phase)}}
	thing := o.Thing()
	if post, ok := thing.(*essaim.Post); thing == nil || ok && post.About != "" { // what a companion Note speaks of is found itself
		d.row.Kind = ""
		return d
	}
	profile := profileOf(thing)
	if profile != nil {
		d.row.Actor = known(&essaim.ActorKinds, profile.ActorKind)
		d.discoverable = profile.Discoverable || o.Kind != essaim.KindPerson
		d.indexable = profile.Indexable || o.Local && o.Kind != essaim.KindPerson
	}
	cols := thing.Columns()
	var themes, names []string
	for _, t := range cols.Terms {
		switch t.Scheme {
		case essaim.TermTheme:
			themes = append(themes, known(&essaim.Themes, t.Key))
			names = append(names, essaim.Themes.Label(t.Key, i18n.FR), essaim.Themes.Label(t.Key, i18n.EN))
		case essaim.TermTag:
			names = append(names, t.Key)
		}
	}
	d.row.Starts, d.row.Ends = o.Starts, o.Ends
	if o.Ends.IsZero() {
		d.row.Ends = o.Starts
	}
	places, placeNames := placesOf(cols.Territories)
	names = append(names, placeNames...)
	d.row.Themes, d.row.Places = joined(themes), joined(places)
	d.words(o, thing, profile, names)
	return d
}

// known is a code of ours, or "". A stranger may name any number of others, of which the mirror would run out: they are words of a text, not choices.
func known(s *essaim.Scheme, code string) string {
	if s.Has(code) {
		return code
	}
	return ""
}

// placesOf are the territories that keys name, marked, and all that contain them, with their names. Like codes, keys that no table of ours has are no choice.
func placesOf(keys []string) (places, names []string) {
	own := make(map[string]bool, len(keys))
	for _, key := range keys {
		if t, ok := essaim.TerritoryByKey(key); ok {
			own[t.Key] = true // the key of today
		}
	}
	for _, key := range essaim.Expand(keys) {
		t, ok := essaim.TerritoryByKey(key)
		switch {
		case !ok:
			continue
		case own[key]:
			key = ownPlace + key
		}
		places, names = append(places, key), append(names, t.Name)
	}
	return places, names
}

func profileOf(thing essaim.Thing) *essaim.Profile {
	switch t := thing.(type) {
	case *essaim.Profile:
		return t
	case *essaim.Project:
		return &t.Profile
	}
	return nil
}

// words fills the text: the title, with the handle of an actor, then everything else. What is behind a warning is found by the warning alone.
func (d *document) words(o *store.Object, thing essaim.Thing, profile *essaim.Profile, names []string) {
	s := thing.Summary(i18n.FR)
	title := s.Title
	if profile != nil {
		title += " " + profile.Handle
	}
	body := strings.Join(append([]string{s.Lead, s.When, essaim.ActorKinds.Label(d.row.Actor, i18n.FR)}, names...), " ")
	if post, ok := thing.(*essaim.Post); !ok || post.Warning == "" {
		html := o.HTML
		body += " " + text.Plain(html[:min(len(html), maxBody)])
	}
	d.text.Title = onceEach(Words(title), nil)
	all := Words(body)
	d.row.Length = len(all)
	d.text.Body = onceEach(all, stopWords)
	d.text.TitleStems, d.text.BodyStems = stemsOf(d.text.Title), stemsOf(d.text.Body)
}

// joined writes keys as one text. None of them holds a space: they are ours.
func joined(keys []string) string {
	keys = slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return k == "" })
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), " ")
}
