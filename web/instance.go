package web

import (
	"context"
	"net/http"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

// instance is what the operator said of this instance. Should it not be readable, pages are shown with what the program was started with: they will fail, if at
// all, on what they are about.
func (p *Pages) instance(ctx context.Context) *store.Settings {
	s, err := p.DB.Settings(ctx)
	if err != nil {
		p.Logger.Error("the settings of the instance could not be read", "error", err)
		s = &store.Settings{Name: p.Name, Description: p.Description, Body: p.Body, Territories: p.Territories}
	}
	if first := firstOf(append(s.Territories, "")...); first != p.place.Load().territory {
		p.place.Store(placeOf(first))
	}
	return s
}

// place is where the instance is, for its clock.
type place struct {
	territory string // key; "" for France
	zone      *time.Location
}

func placeOf(territory string) *place {
	if t, ok := essaim.TerritoryByKey(territory); ok {
		return &place{territory, i18n.Zone(t.Zone())}
	}
	return &place{territory, i18n.Zone("")}
}

// zone is that of the instance's territory: dates are shown in it (ui-R5).
func (p *Pages) zone() *time.Location { return p.place.Load().zone }

// open tells whether a visitor may read: everybody once the instance is open, its members before (L3). A demonstration publishes nobody.
func (p *Pages) open(v *view, a access) bool {
	return a == always || p.Demonstration || v.User != nil || v.Settings.Open()
}

// notOpen is what strangers see until the operator has said who answers for the instance.
func (p *Pages) notOpen(v *view) error {
	v.Page, v.Title, v.Sentence, v.Status = "closed", v.Instance, v.T("closed.text", v.Instance), http.StatusServiceUnavailable
	return nil
}
