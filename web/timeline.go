package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// timelineView is somebody's timeline with what stands beside it.
type timelineView struct {
	Filters     []tab
	Items       []*feedItem
	Since       string // key of the newest entry: what is newer than that is news
	Events      []*objectView
	Own         []*actorView
	Suggestions []*actorView
	Near        bool // the suggestions are of the visitor's territories
}

// feedItem is an entry: an object, who shared it, whom it answers.
type feedItem struct {
	*objectView
	Key      string
	Sharers  []*actorView
	Answered *actorView // author of what it answers
	Project  *actorView // when its author is a project: its phase is shown
}

// Others is how many shared it besides the first who is named.
func (f *feedItem) Others() int { return max(len(f.Sharers)-1, 0) }

// perFeed is how many entries a page of the timeline has.
const perFeed = 20

// timelineFilters are the words in the address for the filters of the store.
var timelineFilters = []struct {
	word   string
	filter store.TimelineFilter
	label  string
}{
	{"", store.TimelineAll, "feed.all"}, {"projets", store.TimelineProjects, "feed.projects"},
	{"evenements", store.TimelineEvents, "feed.events"}, {"messages", store.TimelineMessages, "feed.messages"},
}

func (p *Pages) timelineRoutes() []route {
	return []route{{"/fil", p.timeline, get, members}}
}

// timeline reads in at most eight queries: entries, actors, reactions and the visitor's own, events, belongings, suggestions.
func (p *Pages) timeline(r *http.Request, v *view) error {
	ctx, q := r.Context(), p.DB.Read()
	t := &timelineView{}
	v.Page, v.Section, v.Title, v.Data = "timeline", "fil", v.T("feed.title"), t
	word, filter := r.URL.Query().Get("type"), store.TimelineAll
	for _, f := range timelineFilters {
		page := "/fil"
		if f.word != "" {
			page += "?type=" + f.word
		}
		if f.word == word {
			filter = f.filter
		}
		t.Filters = append(t.Filters, tab{Label: v.T(f.label), Page: page, Current: f.word == word})
	}
	before := pageOf(r, perFeed).Before
	items, last, err := store.Timeline(ctx, q, v.User.Card.ID, filter, before, perFeed)
	if err != nil {
		return err
	}
	if last != 0 {
		v.Older = pageLink(r.URL, olderThan, last.String())
	}
	if before != 0 {
		v.Newer = "/fil" // the newest: between pages that move under the reader there is no fixed neighbour
	} else if len(items) > 0 {
		t.Since = items[0].ID.String()
	}
	if t.Items, err = p.feedItems(ctx, v, items); err != nil {
		return err
	}
	return p.besideTimeline(ctx, v, t)
}

// feedItems shows the entries of a page; an object that several shared stands once, at its newest place, with all who shared it.
func (p *Pages) feedItems(ctx context.Context, v *view, items []*store.TimelineItem) ([]*feedItem, error) {
	var ids []essaim.ID
	for _, i := range items {
		for _, id := range []essaim.ID{i.Object.AttributedTo, i.Shared, i.Parent} {
			if id != 0 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	cards, err := store.CardsByID(ctx, p.DB.Read(), ids)
	if err != nil {
		return nil, err
	}
	show := func(id essaim.ID) *actorView {
		if c := cards[id]; c != nil {
			return p.showActor(v.Lang, c)
		}
		return nil
	}
	at := make(map[essaim.ID]*feedItem)
	var out []*feedItem
	var shown []*objectView
	for _, i := range items {
		f := at[i.Object.ID]
		if f == nil {
			f = &feedItem{objectView: p.showObject(v.Lang, i.Object, cards[i.Object.AttributedTo]), Key: i.ID.String(), Answered: show(i.Parent)}
			if f.Author != nil && f.Author.Project() != nil {
				f.Project = f.Author
			}
			at[i.Object.ID] = f
			out, shown = append(out, f), append(shown, f.objectView)
		}
		if by := show(i.Shared); by != nil {
			f.Sharers = append(f.Sharers, by)
		}
	}
	return out, p.stand(ctx, v, shown)
}

// besideTimeline fills the column beside it.
func (p *Pages) besideTimeline(ctx context.Context, v *view, t *timelineView) error {
	q, me := p.DB.Read(), v.User.Card.ID
	now := p.Clock()
	events, err := store.FollowedEvents(ctx, q, me, now, now.AddDate(0, 2, 0), 3)
	if err != nil {
		return err
	}
	for _, o := range events {
		t.Events = append(t.Events, p.showObject(v.Lang, o, nil))
	}
	own, err := store.Belongings(ctx, q, me, 4)
	if err != nil {
		return err
	}
	t.Own = p.showActors(v.Lang, own)
	var places []string
	if profile, ok := v.User.View.Thing.(*essaim.Profile); ok {
		places = essaim.Expand(profile.Territories)
	}
	near, err := store.Suggestions(ctx, q, me, places, 4)
	t.Suggestions, t.Near = p.showActors(v.Lang, near), len(places) > 0
	return err
}

// serveNews is `/fil/nouveautes?depuis=`: how many entries are newer, for a script that tells it politely.
func (p *Pages) serveNews(w http.ResponseWriter, r *http.Request) {
	user, err := p.recognise(r, "")
	since, bad := essaim.ParseID(r.URL.Query().Get("depuis"))
	if err != nil || user == nil || bad != nil {
		http.Error(w, "", http.StatusNotFound)
		return
	}
	n, err := store.TimelineNews(r.Context(), p.DB.Read(), user.Card.ID, since)
	if err != nil {
		http.Error(w, "", http.StatusServiceUnavailable)
		return
	}
	v := p.view(w, r)
	news := struct {
		Count int64  `json:"count"`
		Text  string `json:"text"`
	}{n, v.T("feed.news", n)}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, no-store")
	_ = json.NewEncoder(w).Encode(news) // the reader may go away
}
