package web

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"essaim/internal/archive"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

// exportsView lists the copies a person asked for.
type exportsView struct {
	*settingsView
	Copies []exportView
	Busy   bool // one is being made: the page asks again by itself
}

type exportView struct {
	*store.Export
	Date, Size, Page, Until string
	Percent                 int
}

// Running and Failed are for the template.
func (e exportView) Running() bool { return e.State == store.ExportRunning }

// Failed tells that no copy came of it.
func (e exportView) Failed() bool { return e.State == store.ExportFailed }

// exports is where people ask for a copy of all they have here, follow its making, and fetch it.
func (p *Pages) exports(r *http.Request, v *view) error {
	s := &exportsView{settingsView: v.settings("settings.export", &form{})}
	v.Page, v.Data = "exports", s
	if r.Method == http.MethodPost {
		_, err := p.Archive.Request(r.Context(), v.User.Account.ID)
		if essaim.CodeOf(err) != essaim.Conflict {
			if err != nil {
				return err
			}
			return v.done("/reglages/export", "export")
		}
		s.add(v, "", v.T("export.wait"))
		v.Status = http.StatusConflict
	}
	copies, err := store.ExportsOf(r.Context(), p.DB.Read(), v.User.Account.ID)
	for _, e := range copies {
		x := exportView{Export: e, Date: v.Moment(e.Created), Size: v.Typo(i18n.Bytes(v.Lang, e.Bytes)), Page: "/reglages/export/" + e.ID.String(),
			Until: v.Typo(i18n.Day(v.Lang, e.Created.Add(archive.Kept), p.zone()))}
		if e.Total > 0 {
			x.Percent = 100 * e.Done / e.Total
		}
		s.Busy = s.Busy || x.Running()
		s.Copies = append(s.Copies, x)
	}
	if s.Busy {
		v.Refresh = 3
	}
	return err
}

// fetchExport is `/reglages/export/{id}`: the file of a copy, for the person it is about and nobody else.
func (p *Pages) fetchExport(w http.ResponseWriter, r *http.Request) {
	v := p.view(w, r)
	user, err := p.recognise(r, v.Lang)
	id, bad := essaim.ParseID(mux.Vars(r)["id"])
	if err != nil || user == nil || bad != nil {
		p.page(func(*http.Request, *view) error { return store.ErrNotFound })(w, r)
		return
	}
	f, e, err := p.Archive.Open(r.Context(), user.Account.ID, id)
	if err != nil {
		p.page(func(*http.Request, *view) error { return err })(w, r)
		return
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="essaim-`+user.Card.Handle+`-`+e.Created.Format(time.DateOnly)+`.zip"`)
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", e.Finished, f)
}
