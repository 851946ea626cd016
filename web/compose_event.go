package web

import (
	"net/http"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
	"essaim/internal/text"
)

// composeEvent is `/publier/evenement`.
func (p *Pages) composeEvent(r *http.Request, v *view) error {
	cards, err := p.speakers(r.Context(), v)
	if err != nil {
		return err
	}
	c := &composerView{Kind: "evenement", Cancel: "/publier"}
	begin := map[string][]string{"par": {carrierFirst(cards)}, "genre": {"meetup"}, "langue": {languageOf(v)}}
	c.form = (&form{Values: written(r, begin), Fields: p.eventFields(v, cards)}).single(r)
	v.Page, v.Title, v.Data = "compose", v.T("compose.event_title"), c
	if r.Method != http.MethodPost {
		if err := p.draft(r, v, c.form); err != nil {
			return err
		}
		c.emptySlots(1)
		return nil
	}
	pictures, err := p.pictures(r, v, c, 1, true)
	if err != nil {
		return err
	}
	if kept, err := p.keep(r, v, c); kept {
		return err
	}
	event := p.eventOf(v, c, &essaim.Event{}, pictures)
	if !c.check(v) || len(c.Wrong) > 0 {
		return nil
	}
	by := speaker(cards, c.Get("par"))
	event.To, event.CC = essaim.PublicV.Address(by.IRI + "/followers")
	if c.Get(actionField) == actionPreview {
		c.Audience, err = p.audience(r.Context(), v, by, essaim.PublicV)
		c.Preview = p.previewOf(v, by, event)
		return err
	}
	out, err := p.publish(r, v, c.form, activity.Create(by.IRI, event))
	if sent(err) {
		return v.done("/agenda", "event")
	}
	if err != nil {
		return c.refuse(v, err, eventNames)
	}
	return v.done(strings.TrimPrefix(out.Object.Thing().Summary(v.Lang).URL, p.Site.Base), "event")
}

// eventNames are the fields of a document by those of the form.
var eventNames = map[string]string{"name": "titre", "startTime": "jour", "endTime": "fin_jour", "timezone": "fuseau", "territory": "commune", "maximumAttendeeCapacity": "places", "content": "texte"}

func (p *Pages) eventFields(v *view, cards []*store.Card) []*field {
	return []*field{
		{Name: "titre", Label: v.T("event.form.title"), Required: true, Max: 200},
		{Name: "genre", Label: v.T("event.form.kind"), Kind: "select", Required: true, Groups: conceptChoices(v, &essaim.EventKinds, "")},
		{Name: "jour", Label: v.T("event.form.day"), Kind: "date", Required: true, Max: 10},
		{Name: "heure", Label: v.T("event.form.hour"), Kind: "time", Required: true, Max: 5},
		{Name: "fin_jour", Label: v.T("event.form.end_day"), Hint: v.T("event.form.end_hint"), Kind: "date", Max: 10},
		{Name: "fin_heure", Label: v.T("event.form.end_hour"), Kind: "time", Max: 5},
		{Name: "lieu", Label: v.T("event.form.place"), Hint: v.T("event.form.place_hint"), Max: 150},
		{Name: "adresse", Label: v.T("event.form.street"), Max: 200, Autocomplete: "street-address"},
		{Name: "commune", Label: v.T("event.form.town"), Hint: v.T("event.form.town_hint"), Max: 120},
		{Name: "en_ligne", Label: v.T("event.form.online"), Hint: v.T("event.form.online_hint"), Kind: "url", Max: 500},
		{Name: "texte", Label: v.T("event.form.text"), Hint: v.T("compose.text_hint"), Kind: "textarea", Rows: 6, Max: 10000},
		p.organiserField(v, cards),
		languageField(v),
	}
}

func (p *Pages) organiserField(v *view, cards []*store.Card) *field {
	f := p.speakerField(v, cards)
	f.Label = v.T("event.organiser_label")
	return f
}

// eventOf lays what a form says over an event; what is wrong becomes faults of the form.
func (p *Pages) eventOf(v *view, c *composerView, e *essaim.Event, pictures []vocab.Picture) *essaim.Event {
	e.Name, e.EventKind, e.Language = c.Get("titre"), c.Get("genre"), c.Get("langue")
	e.Source = strings.TrimSpace(c.Values.Get("texte"))
	e.HTML, e.Pictures = text.Markdown(e.Source), pictures
	zone := p.zone()
	e.Place, e.Territories = nil, nil
	if town := c.Get("commune"); town != "" {
		t, err := territoryNamed(town)
		if err != nil {
			c.refusePlace(v, err)
		} else {
			zone, e.Territories = i18n.Zone(t.Zone()), []string{t.Key}
			e.Place = &essaim.EventPlace{Locality: t.Name, Country: "France"}
		}
	}
	if c.Get("lieu")+c.Get("adresse") != "" {
		if e.Place == nil {
			e.Place = &essaim.EventPlace{Country: "France"}
		}
		e.Place.Name, e.Place.Street = firstOf(c.Get("lieu"), c.Get("adresse")), c.Get("adresse")
	} else if e.Place != nil {
		e.Place.Name = e.Place.Locality
	}
	e.Zone = zone.String()
	p.eventTimes(v, c, e, zone)
	e.OnlineURL, e.Online = "", false
	if link := c.Get("en_ligne"); link != "" {
		if e.OnlineURL = webLink(link); e.OnlineURL == "" {
			c.add(v, "en_ligne", v.T("event.form.online_wrong"))
		}
		e.Online = true
	}
	if e.Place == nil && !e.Online {
		c.add(v, "lieu", v.T("event.form.nowhere"))
	}
	return e
}

// refusePlace puts what is wrong with the name of a town beside its field.
func (c *composerView) refusePlace(v *view, err error) {
	if place, ok := err.(*placeError); ok {
		c.add(v, "commune", place.sentence(v))
		return
	}
	c.add(v, "commune", v.T("form.choice", v.T("event.form.town")))
}

// eventTimes reads the days and hours of a form in the zone of the place.
func (p *Pages) eventTimes(v *view, c *composerView, e *essaim.Event, zone *time.Location) {
	moment := func(day, hour, field string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+hour, zone)
		if err != nil || at.Year() < 2000 || at.Year() > 2100 {
			c.add(v, field, v.T("event.form.date_wrong"))
			return time.Time{}
		}
		return at
	}
	e.Starts, e.Ends, e.OpenEnded = time.Time{}, time.Time{}, false
	if c.Get("jour") == "" || c.Get("heure") == "" {
		return // told by the check of the form
	}
	e.Starts = moment(c.Get("jour"), c.Get("heure"), "jour")
	switch {
	case c.Get("fin_jour")+c.Get("fin_heure") == "":
		e.OpenEnded = true
	default:
		e.Ends = moment(firstOf(c.Get("fin_jour"), c.Get("jour")), firstOf(c.Get("fin_heure"), "23:59"), "fin_jour")
		if !e.Ends.IsZero() && e.Ends.Before(e.Starts) {
			c.add(v, "fin_jour", v.T("event.form.end_before"))
		}
	}
}

// eventValues are the values of a form that says what an event says.
func eventValues(e *essaim.Event) map[string][]string {
	zone := i18n.Zone(e.Zone)
	values := map[string][]string{"titre": {e.Name}, "genre": {e.EventKind}, "texte": {firstOf(e.Source, text.Plain(e.HTML))}, "langue": {e.Language}, "en_ligne": {e.OnlineURL},
		"jour": {e.Starts.In(zone).Format(time.DateOnly)}, "heure": {e.Starts.In(zone).Format("15:04")}, "commune": {placesTyped(e.Territories)}}
	if !e.Ends.IsZero() && !e.OpenEnded {
		values["fin_jour"], values["fin_heure"] = []string{e.Ends.In(zone).Format(time.DateOnly)}, []string{e.Ends.In(zone).Format("15:04")}
	}
	if e.Place != nil {
		if values["adresse"] = []string{e.Place.Street}; e.Place.Name != e.Place.Locality {
			values["lieu"] = []string{e.Place.Name}
		}
	}
	return values
}
