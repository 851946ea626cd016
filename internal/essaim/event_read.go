package essaim

import (
	"strings"
	"time"

	"essaim/federation/vocab"
)

func decodeEvent(o *vocab.Object) Thing {
	e := &Event{
		ID: o.ID(), URL: o.Link("url"), AttributedTo: o.IRI("attributedTo"), To: vocab.Addresses(o, "to"), CC: vocab.Addresses(o, "cc"),
		Context: o.IRI("context"), Published: o.Time("published"), Updated: o.Time("updated"), Starts: o.Time("startTime"), Ends: o.Time("endTime"),
		Previous: o.Time("previousStartTime"), Zone: o.String("timezone"), Status: eventStatus(o), Category: o.String("category"),
		JoinMode: o.String("joinMode"), ExternalURL: o.Link("externalParticipationUrl"), Pictures: vocab.ReadPictures(o),
		Territories: o.Strings("territory"), Comments: o.String("repliesModerationOption"), EventKind: o.String("eventKind"), Reason: o.String("reason"),
	}
	e.Name, _ = o.Text("name")
	e.HTML, e.Language = o.Text("content")
	e.Source = sourceOf(o)
	e.Intro, _ = o.Text("summary")
	set(&e.Language, o.String("inLanguage"))
	e.readAuthor(o)
	e.readTimes(o)
	e.readRegistration(o)
	e.Hashtags, _ = vocab.ReadTags(o)
	e.readAttachments(o)
	e.readPlaces(o)
	e.takeOff()
	return e
}

// readAuthor: Mobilizon names the person in actor and the group in attributedTo. The event belongs to the person when it has the id's origin;
// the group is then who it is published for (federation §14).
func (e *Event) readAuthor(o *vocab.Object) {
	if actor := o.IRI("actor"); actor != e.AttributedTo && SameOrigin(actor, e.ID) {
		e.AttributedTo, e.Origin = actor, e.AttributedTo
	}
}

// readTimes brings the times into the event's zone; an end before the start is no end, and no end is an open one (federation §14).
func (e *Event) readTimes(o *vocab.Object) {
	if e.Ends.Before(e.Starts) {
		e.Ends = time.Time{}
	}
	show, said := o.Bool("displayEndTime")
	e.OpenEnded = e.Ends.IsZero() || said && !show
	zone, ok := zoneNamed(e.Zone)
	if !ok {
		e.Zone = ""
		return
	}
	e.Starts, e.Ends, e.Previous = inZone(e.Starts, zone), inZone(e.Ends, zone), inZone(e.Previous, zone)
}

// readRegistration: FEP-8a8e's none is a registration elsewhere, or nowhere: the event's own page says which (T12). An absent joinMode stays
// unknown: no button, a link to the origin.
func (e *Event) readRegistration(o *vocab.Object) {
	if e.JoinMode == "none" {
		e.JoinMode = "external"
	}
	if e.JoinMode == "external" && e.ExternalURL == "" {
		e.ExternalURL = firstOf(e.URL, e.ID)
	}
	if n, ok := o.Int("maximumAttendeeCapacity"); ok && n > 0 {
		e.Capacity = n
	}
	e.Online, _ = o.Bool("isOnline")
}

// eventStatus reads status, ical:status or eventStatus, short or as an IRI, of schema.org or of the FEP (federation §14).
func eventStatus(o *vocab.Object) string {
	for _, key := range []string{"eventStatus", "status", "ical:status"} {
		s := o.String(key)
		if i := strings.LastIndexAny(s, "/#:"); i >= 0 {
			s = s[i+1:]
		}
		switch {
		case isEventStatus(s):
			return s
		case strings.EqualFold(s, "CANCELLED"):
			return EventCancelled
		case strings.EqualFold(s, "TENTATIVE"):
			return EventTentative
		}
	}
	return EventScheduled
}

func isEventStatus(s string) bool {
	switch s {
	case EventScheduled, EventCancelled, EventPostponed, EventRescheduled, EventMovedOnline, EventTentative:
		return true
	}
	return false
}

// readAttachments takes the on-line address and the facts given as PropertyValues. Our own Website is the event's page when there is no other.
func (e *Event) readAttachments(o *vocab.Object) {
	for _, l := range o.Objects("attachment") {
		if href := l.Link("href"); l.Type() == vocab.Link && l.String("name") == website && href != e.URL {
			e.OnlineURL = firstOf(e.OnlineURL, href)
		}
	}
	for _, p := range vocab.ReadProperties(o) {
		if p.ID != "" && p.Value != "" {
			if e.Accessibility == nil {
				e.Accessibility = make(map[string]string)
			}
			e.Accessibility[p.ID] = p.Value
		}
	}
}

// readPlaces takes the first Place and the first VirtualLocation of a location of any shape (federation §14).
func (e *Event) readPlaces(o *vocab.Object) {
	for _, it := range o.Items("location") {
		switch {
		case it.Doc == nil && !strings.Contains(it.ID, "://") && it.ID != "" && e.Place == nil:
			e.Place = &EventPlace{Name: it.ID}
		case it.Doc == nil:
		case it.Type() == "VirtualLocation":
			e.Online, e.OnlineURL = true, firstOf(e.OnlineURL, it.Doc.Link("url"))
		case e.Place == nil:
			e.Place = readPlace(it.Doc)
			if virtual := it.Doc.Object("address").Object("url"); virtual.Type() == "VirtualLocation" {
				e.Online, e.OnlineURL = true, firstOf(e.OnlineURL, virtual.Link("url"))
			}
		}
	}
	if e.Place != nil && *e.Place == (EventPlace{}) {
		e.Place = nil
	}
}

func readPlace(o *vocab.Object) *EventPlace {
	p := &EventPlace{Street: o.String("address")}
	p.Name, _ = o.Text("name")
	if a := o.Object("address"); a != nil {
		p.Street, p.PostalCode, p.Locality = a.String("streetAddress"), a.String("postalCode"), a.String("addressLocality")
		p.Region, p.Country = a.String("addressRegion"), a.String("addressCountry")
	}
	lat, okLat := o.Float("latitude")
	lon, okLon := o.Float("longitude")
	if okLat && okLon && onEarth(lat, lon) {
		p.Lat, p.Lon = &lat, &lon
	}
	return p
}

func onEarth(lat, lon float64) bool { return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 }
