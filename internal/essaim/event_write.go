package essaim

import (
	"maps"
	"slices"

	"essaim/federation/vocab"
)

// Encode writes the event; see Thing. Traps T1-T17 and T26 are about this function.
func (e *Event) Encode() *vocab.Object {
	words, zone := e.language(), e.zone()
	lang := firstOf(e.Language, string(words))
	o := vocab.New(vocab.Event, e.ID).SetString("attributedTo", e.AttributedTo).SetStrings("to", e.To...).SetStrings("cc", e.CC...)
	o.SetString("name", e.title(words)).SetString("summary", e.Line(words)).SetText("content", lang, e.content())
	setSource(o, e.Source)
	o.SetString("mediaType", "text/html").SetString("inLanguage", lang).SetString("url", e.URL)
	o.SetTime("published", e.Published).SetTime("updated", e.Updated)
	o.SetLocalTime("startTime", inZone(e.Starts, zone)).SetLocalTime("previousStartTime", inZone(e.Previous, zone))
	if !e.Ends.Before(e.Starts) { // T14
		o.SetLocalTime("endTime", inZone(e.Ends, zone))
	}
	if e.OpenEnded || !o.Has("endTime") {
		o.SetBool("displayEndTime", false)
	}
	o.SetString("timezone", zone.String())
	o.SetString("status", e.icalStatus()).SetString("eventStatus", e.status()).SetString("reason", e.Reason)
	o.SetString("category", e.category()).SetString("eventKind", e.EventKind)
	if e.EventKind == "hackathon" {
		o.SetString("additionalType", "https://schema.org/Hackathon")
	}
	o.SetBool("isOnline", e.Online)
	e.encodeRegistration(o)
	o.SetString("repliesModerationOption", firstOf(e.Comments, "allow_all")).SetStrings("territory", e.Territories...)
	if e.Place != nil {
		o.SetObject("location", e.Place.encode())
	}
	e.encodeAttachments(o)
	var tags []*vocab.Object
	for _, t := range e.Hashtags {
		if len([]rune(t.Name)) < 39 { // T17, the # included
			tags = append(tags, hashtags(e.ID, []string{t.Name})...)
		}
	}
	o.SetObjects("tag", tags...).SetString("context", firstOf(e.Context, e.ID+"/context"))
	for _, c := range []string{"replies", "attendees", "organizers"} {
		o.SetString(c, e.ID+"/"+c)
	}
	return allowQuotes(o, VisibilityOf(e.To, e.CC, ""))
}

func (e *Event) status() string {
	if isEventStatus(e.Status) {
		return e.Status
	}
	return EventScheduled
}

func (e *Event) icalStatus() string {
	switch e.Status {
	case EventCancelled:
		return "CANCELLED"
	case EventPostponed, EventTentative:
		return "TENTATIVE" // T11
	}
	return "CONFIRMED"
}

var categories = map[string]string{ // V7 to what Mobilizon and FEP-8a8e both know (events §2)
	"hackathon": "SCIENCE_TECH", "workshop": "LEARNING", "learning_visit": "LEARNING", "training": "LEARNING", "webinar": "LEARNING", "user_testing": "LEARNING",
	"public_meeting": "MOVEMENTS_POLITICS", "call_for_projects": "BUSINESS", "conference": "NETWORKING", "meetup": "NETWORKING", "residency": "COMMUNITY",
}

var knownCategories = []string{"ARTS", "BUSINESS", "CAUSES", "COMMUNITY", "FAMILY_EDUCATION", "LANGUAGE_CULTURE", "LEARNING", "MEETING", "MOVEMENTS_POLITICS", "NETWORKING", "SCIENCE_TECH"}

func (e *Event) category() string {
	if slices.Contains(knownCategories, e.Category) {
		return e.Category
	}
	return firstOf(categories[e.EventKind], "MEETING")
}

// encodeRegistration says how one registers. What the organiser chose is kept; with nothing chosen, or a word that Mobilizon would refuse the
// event for (T12), it is the event's own page that says (E8).
func (e *Event) encodeRegistration(o *vocab.Object) {
	mode := e.JoinMode
	switch {
	case mode == "free" && e.Capacity > 0:
		mode = "restricted" // E7
	case mode == "free", mode == "restricted", mode == "invite":
	default:
		mode = "external"
		o.SetString("externalParticipationUrl", firstOf(e.ExternalURL, e.URL, e.ID))
	}
	o.SetString("joinMode", mode).SetBool("anonymousParticipationEnabled", false)
	if e.Capacity > 0 {
		o.SetInt("maximumAttendeeCapacity", e.Capacity)
	}
}

func (p *EventPlace) encode() *vocab.Object {
	o := vocab.New(vocab.Place, "").SetString("name", firstOf(p.Name, p.Locality, p.Street))
	a := vocab.New("PostalAddress", "").SetString("streetAddress", p.Street).SetString("postalCode", p.PostalCode)
	a.SetString("addressLocality", p.Locality).SetString("addressRegion", p.Region).SetString("addressCountry", p.Country)
	if len(a.Keys()) > 1 {
		o.SetObject("address", a)
	}
	if p.Lat != nil && p.Lon != nil {
		o.SetDecimal("latitude", *p.Lat).SetDecimal("longitude", *p.Lon)
	}
	return o
}

// encodeAttachments writes the image first, with mediaType on every entry (T8), then the on-line address, then the facts of accessibility.
func (e *Event) encodeAttachments(o *vocab.Object) {
	var out []*vocab.Object
	for _, p := range e.Pictures {
		if p.URL == "" {
			continue
		}
		p.MediaType = firstOf(p.MediaType, "image/jpeg")
		if len(out) > 0 {
			out = append(out, p.Object())
			continue
		}
		o.SetObject("image", vocab.Picture{URL: p.URL, MediaType: p.MediaType, Alt: p.Alt}.Object())
		out = append(out, p.Object().SetBool("isBannerImage", true))
	}
	if site := firstOf(e.OnlineURL, e.URL); site != "" {
		out = append(out, vocab.New(vocab.Link, "").SetString("mediaType", "text/html").SetString("name", website).SetString("href", site))
	}
	for _, id := range slices.Sorted(maps.Keys(e.Accessibility)) {
		if v := e.Accessibility[id]; id != "" && v != "" { // T9
			out = append(out, vocab.New(vocab.PropertyValue, "").SetString("mediaType", "text/plain").SetString("propertyID", id).SetString("value", v))
		}
	}
	o.SetObjects("attachment", out...)
}

// EventCounters are the figures added to an event when it is served: a registration sends no Update.
type EventCounters struct{ Participants int64 }

// CompleteEvent lays the counters over a stored event.
func CompleteEvent(content *vocab.Object, c EventCounters) *vocab.Object {
	o := content.Clone().SetInt("participantCount", c.Participants)
	if limit, ok := content.Int("maximumAttendeeCapacity"); ok {
		o.SetInt("remainingAttendeeCapacity", max(0, limit-c.Participants))
	}
	return o
}
