package web

import (
	"net/http"
	"time"
	"unicode"
	"unicode/utf8"

	"essaim/internal/i18n"
	"essaim/internal/store"
)

// agendaView is the list of meetings, by month.
type agendaView struct {
	Months []monthView
	Past   bool
}

type monthView struct {
	Name  string
	Items []*objectView
}

// agenda lists what comes, soonest first, or with ?passes=1 what is over, latest first.
func (p *Pages) agenda(r *http.Request, v *view) error {
	page := agendaPageOf(r, r.URL.Query().Get("passes") == "1")
	events, err := store.Agenda(r.Context(), p.DB.Read(), p.Clock(), page)
	if err != nil {
		return err
	}
	events = turnAgenda(r, v, events, page)
	items, err := p.showAll(r.Context(), v.Lang, events)
	if err != nil {
		return err
	}
	v.Page, v.Section, v.Title, v.Sentence, v.Feed = "agenda", "agenda", v.T("agenda.title"), v.T("agenda.lede"), "/agenda.atom"
	if page.Past {
		v.Title = v.T("agenda.past")
	}
	v.Data = &agendaView{Months: byMonth(v.Lang, items), Past: page.Past}
	return nil
}

// byMonth parts what is in order of date; the month is that of the event's own zone.
func byMonth(lang i18n.Lang, items []*objectView) []monthView {
	var out []monthView
	for _, item := range items {
		if item.Event == nil {
			continue
		}
		start := item.Event.Starts.In(item.Event.zone)
		name := month(lang, time.Date(start.Year(), start.Month(), 1, 12, 0, 0, 0, time.UTC))
		first, size := utf8.DecodeRuneInString(name)
		name = string(unicode.ToUpper(first)) + name[size:]
		if len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, monthView{Name: name})
		}
		last := &out[len(out)-1]
		last.Items = append(last.Items, item)
	}
	return out
}
