package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

const perPage = 20

// Parameters of a page of a list: what is older than an id, or newer (keyset paging).
const (
	olderThan = "avant"
	newerThan = "apres"
)

func pageOf(r *http.Request, limit int) store.Page {
	p := store.Page{Limit: limit}
	if id, err := essaim.ParseID(r.URL.Query().Get(newerThan)); err == nil && id != 0 {
		p.After = id
	} else if id, err := essaim.ParseID(r.URL.Query().Get(olderThan)); err == nil {
		p.Before = id
	}
	return p
}

// turn cuts the row too many off a page read with store.Page and sets the links to its neighbours.
func turn[T any](r *http.Request, v *view, rows []T, p store.Page, id func(T) essaim.ID) []T {
	more := len(rows) > p.Limit
	switch {
	case more && p.After != 0:
		rows = rows[1:]
	case more:
		rows = rows[:p.Limit]
	}
	if len(rows) == 0 {
		return rows
	}
	if p.Before != 0 || p.After != 0 && more {
		v.Newer = pageLink(r.URL, newerThan, id(rows[0]).String())
	}
	if p.After != 0 || more {
		v.Older = pageLink(r.URL, olderThan, id(rows[len(rows)-1]).String())
	}
	return rows
}

// pageLink keeps the filters of a list and nothing of the page it is read from.
func pageLink(u *url.URL, name, value string) string {
	q := u.Query()
	for _, gone := range []string{olderThan, newerThan, "lang"} {
		q.Del(gone)
	}
	q.Set(name, value)
	return (&url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: q.Encode()}).String()
}

// A position in the agenda is written start.id, in milliseconds.
func agendaPosition(o *store.Object) string {
	return strconv.FormatInt(o.Starts.UnixMilli(), 10) + "." + o.ID.String()
}

func agendaPageOf(r *http.Request, past bool) store.AgendaPage {
	p := store.AgendaPage{Past: past, Limit: perPage}
	for _, name := range []string{newerThan, olderThan} {
		start, id, ok := strings.Cut(r.URL.Query().Get(name), ".")
		at, err := strconv.ParseInt(start, 10, 64)
		row, bad := essaim.ParseID(id)
		if !ok || err != nil || bad != nil {
			continue
		}
		p.At, p.ID, p.Back = time.UnixMilli(at), row, name == newerThan
		return p
	}
	return p
}

// turnAgenda is turn for the agenda: "older" goes on in the order of the list, whichever that is.
func turnAgenda(r *http.Request, v *view, rows []*store.Object, p store.AgendaPage) []*store.Object {
	more := len(rows) > p.Limit
	switch {
	case more && p.Back:
		rows = rows[1:]
	case more:
		rows = rows[:p.Limit]
	}
	if len(rows) == 0 {
		return rows
	}
	if p.ID != 0 && (!p.Back || more) {
		v.Newer = pageLink(r.URL, newerThan, agendaPosition(rows[0]))
	}
	if p.Back || more {
		v.Older = pageLink(r.URL, olderThan, agendaPosition(rows[len(rows)-1]))
	}
	return rows
}
