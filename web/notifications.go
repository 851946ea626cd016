package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

// notificationsView is what somebody was told, by day, what is about one thing together.
type notificationsView struct {
	Filters []tab
	Days    []*noticeDay
	Asked   int64 // requests to follow that wait for an answer
}

type noticeDay struct {
	Label  string
	Groups []*noticeGroup
}

// noticeGroup is what was told of one kind about one object on one day.
type noticeGroup struct {
	Kind, Icon, Sentence string
	By                   []*actorView // newest first
	Object               *objectView
	Team                 *actorView // what it came to, when one is told as a member of it
	Page                 string     // where it leads
	Date, ISO            string
	New                  bool
}

// perNotices is how many notifications a page reads before they are grouped.
const perNotices = 60

// noticeFilters are the words in the address, with the kinds they show.
var noticeFilters = []struct {
	word, label string
	kinds       []string
}{
	{"", "notifications.all", nil},
	{"mentions", "notifications.mentions", []string{"mention", "reply"}},
	{"reactions", "notifications.reactions", []string{"like", "announce"}},
	{"abonnes", "notifications.follows", []string{"follow", "request", "accept"}},
}

// noticeIcons are the symbols of the kinds; what is not among them gets the bell.
var noticeIcons = map[string]string{"mention": "message-square", "reply": "message-square", "like": "star", "announce": "repeat-2", "follow": "user-plus", "request": "user-plus", "accept": "check", "report": "flag", "team_invite": "users", "team_request": "users", "team_joined": "users", "team_accepted": "users", "team_role": "users"}

func (p *Pages) noticesRoutes() []route {
	return []route{{"/notifications", p.notifications, getPost, members}}
}

// notifications shows what the visitor was told; what it showed counts as seen from then on. The button marks all of it.
func (p *Pages) notifications(r *http.Request, v *view) error {
	ctx, q, me := r.Context(), p.DB.Read(), v.User.Card.ID
	if r.Method == http.MethodPost {
		err := p.DB.Write(ctx, store.Promised, func(tx *store.Tx) error { return tx.SeeNotifications(ctx, me, 0) })
		if err != nil {
			return err
		}
		return v.done("/notifications", "read")
	}
	n := &notificationsView{}
	v.Page, v.Title, v.Data = "notifications", v.T("notifications.title"), n
	word := r.URL.Query().Get("type")
	var kinds []string
	for _, f := range noticeFilters {
		page := "/notifications"
		if f.word != "" {
			page += "?type=" + f.word
		}
		if f.word == word {
			kinds = f.kinds
		}
		n.Filters = append(n.Filters, tab{Label: v.T(f.label), Page: page, Current: f.word == word})
	}
	page := pageOf(r, perNotices)
	rows, err := store.NotificationPage(ctx, q, me, kinds, page)
	if err != nil {
		return err
	}
	rows = turn(r, v, rows, page, func(n *store.Notification) essaim.ID { return n.ID })
	if n.Days, err = p.noticeDays(ctx, v, rows); err != nil {
		return err
	}
	if n.Asked, err = store.CountRequests(ctx, q, me); err != nil || v.User.Unread == 0 || len(rows) == 0 {
		return err
	}
	v.User.Unread = 0
	return p.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error { return tx.SeeNotifications(ctx, me, rows[len(rows)-1].ID) })
}

// noticeDays groups rows by day, then by kind and object.
func (p *Pages) noticeDays(ctx context.Context, v *view, rows []*store.Notification) ([]*noticeDay, error) {
	var people, things []essaim.ID
	for _, n := range rows {
		if !slices.Contains(people, n.Source) {
			people = append(people, n.Source)
		}
		if n.Via != 0 && !slices.Contains(people, n.Via) {
			people = append(people, n.Via)
		}
		if n.Object != 0 && !slices.Contains(things, n.Object) {
			things = append(things, n.Object)
		}
	}
	cards, err := store.CardsByID(ctx, p.DB.Read(), people)
	if err != nil {
		return nil, err
	}
	objects, err := store.ObjectsByID(ctx, p.DB.Read(), things)
	if err != nil {
		return nil, err
	}
	type key struct {
		day, kind   string
		object, via essaim.ID
	}
	groups := make(map[key]*noticeGroup)
	var days []*noticeDay
	for _, n := range rows {
		by := cards[n.Source]
		if by == nil || by.State >= store.Suspended {
			continue
		}
		day := n.Created.In(p.zone()).Format(time.DateOnly)
		if len(days) == 0 || days[len(days)-1].Label != p.dayLabel(v, n.Created) {
			days = append(days, &noticeDay{Label: p.dayLabel(v, n.Created)})
		}
		k := key{day, n.Kind, n.Object, n.Via}
		if n.Kind == "mention" || n.Kind == "reply" {
			k.object = n.ID // each of them wants reading by itself
		}
		g := groups[k]
		if g == nil {
			g = p.noticeGroup(v, n, objects[n.Object])
			if team := cards[n.Via]; team != nil {
				g.Team = p.showActor(v.Lang, team)
			}
			groups[k] = g
			days[len(days)-1].Groups = append(days[len(days)-1].Groups, g)
		}
		g.New = g.New || !n.Seen
		if a := p.showActor(v.Lang, by); !slices.ContainsFunc(g.By, func(x *actorView) bool { return x.ID == a.ID }) {
			g.By = append(g.By, a)
		}
		if o := objects[n.Object]; o != nil && g.Object == nil {
			g.Object = p.showObject(v.Lang, o, cards[o.AttributedTo])
		}
	}
	for _, d := range days {
		for _, g := range d.Groups {
			g.finish(v)
		}
	}
	return days, nil
}

func (p *Pages) noticeGroup(v *view, n *store.Notification, _ *store.Object) *noticeGroup {
	g := &noticeGroup{Kind: n.Kind, Icon: noticeIcons[n.Kind], Date: v.Typo(i18n.Hour(v.Lang, n.Created, p.zone())), ISO: n.Created.In(p.zone()).Format(time.RFC3339)}
	if g.Icon == "" {
		g.Icon = "bell"
	}
	return g
}

// finish says in a sentence who did it, and where it leads.
func (g *noticeGroup) finish(v *view) {
	g.Sentence = v.T("notice."+g.Kind, g.By[0].Name)
	if n := len(g.By); n > 1 {
		g.Sentence = v.T("notice.and", g.Sentence, n-1)
	}
	if g.Team != nil {
		g.Sentence = v.T("notice.via", g.Sentence, g.Team.Name)
	}
	switch {
	case g.Kind == "request" && g.Team == nil:
		g.Page = "/demandes"
	case strings.HasPrefix(g.Kind, "team_") && g.Object != nil:
		g.Page = g.Object.Page + "/equipe"
	case g.Kind == "decided", g.Kind == "sanction":
		g.Page = "/signalements"
	case g.Kind == "report":
		g.Page = "/admin/signalements"
	case g.Object != nil && g.Object.Page != "":
		g.Page = g.Object.Page
	default:
		g.Page = g.By[0].Page
	}
}

// dayLabel is today, yesterday, or the day.
func (p *Pages) dayLabel(v *view, t time.Time) string {
	today, day := p.Clock().In(p.zone()), t.In(p.zone())
	switch day.Format(time.DateOnly) {
	case today.Format(time.DateOnly):
		return v.T("notifications.today")
	case today.AddDate(0, 0, -1).Format(time.DateOnly):
		return v.T("notifications.yesterday")
	}
	return v.Typo(i18n.Day(v.Lang, t, p.zone()))
}
