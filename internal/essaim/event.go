package essaim

import (
	"maps"
	"slices"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

// Event is a meeting: one object for every peer, Mobilizon's terms and FEP-8a8e's side by side (federation §7).
type Event struct {
	ID, URL, AttributedTo string
	To, CC                []string
	Name                  string
	HTML, Language        string
	Intro                 string // summary as received; ours is made from the fields (R9)
	Context               string
	Published, Updated    time.Time
	Starts, Ends          time.Time // in Zone
	OpenEnded             bool
	Previous              time.Time // startTime before it was moved
	Zone                  string    // IANA
	Status                string    // an EventStatus value
	Reason                string    // why it was cancelled or moved
	Category              string    // one string known to Mobilizon and FEP-8a8e
	EventKind             string    // V7
	JoinMode, ExternalURL string
	Capacity              int64
	Online                bool
	OnlineURL             string
	Place                 *EventPlace
	Accessibility         map[string]string // mz:accessibility:* and such, by propertyID
	Pictures              []vocab.Picture
	Hashtags              []vocab.Tag
	Territories           []string
	Comments              string // allow_all, moderated, closed
	Origin                string // who organises, when the document names somebody else beside attributedTo
}

// EventPlace is where it happens. Latitude and longitude are decimal degrees, both or none.
type EventPlace struct {
	Name, Street, PostalCode, Locality, Region, Country string
	Lat, Lon                                            *float64
}

// Values of eventStatus (FEP-8a8e, after schema.org).
const (
	EventScheduled   = "EventScheduled"
	EventCancelled   = "EventCancelled"
	EventPostponed   = "EventPostponed"
	EventRescheduled = "EventRescheduled"
	EventMovedOnline = "EventMovedOnline"
	EventTentative   = "EventTentative"
)

const (
	minTitle    = 3
	maxTitle    = 200
	maxLine     = 500 // R9
	defaultZone = "Europe/Paris"
	website     = "Website" // the exact name by which Mobilizon knows the on-line address
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
	e.Intro, _ = o.Text("summary")
	if l := o.String("inLanguage"); l != "" {
		e.Language = l
	}
	if actor := o.IRI("actor"); actor != e.AttributedTo && SameOrigin(actor, e.ID) {
		e.Origin = actor // Mobilizon: the person, beside the group (federation §14)
	}
	if e.JoinMode == "none" {
		e.JoinMode = "external"
	}
	if show, ok := o.Bool("displayEndTime"); ok {
		e.OpenEnded = !show
	}
	e.Capacity, _ = o.Int("maximumAttendeeCapacity")
	e.Online, _ = o.Bool("isOnline")
	e.Hashtags, _ = vocab.ReadTags(o)
	e.readPlaces(o)
	for _, l := range o.Objects("attachment") {
		if l.Type() == vocab.Link && l.String("name") == website {
			e.OnlineURL = l.Link("href")
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
	if e.Starts.IsZero() || e.Zone == "" {
		return e
	}
	if zone, err := time.LoadLocation(e.Zone); err == nil {
		e.Starts = e.Starts.In(zone)
		if !e.Ends.IsZero() {
			e.Ends = e.Ends.In(zone)
		}
	}
	return e
}

// eventStatus reads status, ical:status or eventStatus, short or as an IRI, of schema.org or of the FEP (federation §14).
func eventStatus(o *vocab.Object) string {
	s := o.String("eventStatus")
	if i := strings.LastIndexAny(s, "/#:"); i >= 0 {
		s = s[i+1:]
	}
	switch s {
	case EventScheduled, EventCancelled, EventPostponed, EventRescheduled, EventMovedOnline, EventTentative:
		return s
	}
	status := o.String("status")
	if status == "" {
		status = o.String("ical:status")
	}
	switch strings.ToUpper(status) {
	case "CANCELLED":
		return EventCancelled
	case "TENTATIVE":
		return EventTentative
	}
	return EventScheduled
}

// readPlaces takes the first Place and the first VirtualLocation of a location of any shape (federation §14).
func (e *Event) readPlaces(o *vocab.Object) {
	for _, it := range o.Items("location") {
		switch {
		case it.Doc == nil && !strings.Contains(it.ID, "://") && e.Place == nil:
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
	if okLat && okLon && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 {
		p.Lat, p.Lon = &lat, &lon
	}
	return p
}

// set, setList and setTime change a field only when there is something to set.
func set(field *string, v string) {
	if v != "" {
		*field = v
	}
}

func setList(field *[]string, v []string) {
	if len(v) > 0 {
		*field = v
	}
}

func setTime(field *time.Time, v time.Time) {
	if !v.IsZero() {
		*field = v
	}
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// Encode writes the event; see Thing. Traps T1-T17 and T26 are about this function.
func (e *Event) Encode() *vocab.Object {
	lang := i18n.Lang(firstOf(e.Language, "fr"))
	o := vocab.New(vocab.Event, e.ID).SetString("attributedTo", e.AttributedTo).SetStrings("to", e.To...).SetStrings("cc", e.CC...)
	o.SetString("name", e.title(lang)).SetString("summary", e.Line(lang)).SetText("content", string(lang), e.content(lang))
	o.SetString("mediaType", "text/html").SetString("inLanguage", string(lang)).SetString("url", e.URL)
	o.SetTime("published", e.Published).SetTime("updated", e.Updated)
	zone := e.zone()
	o.SetLocalTime("startTime", e.Starts.In(zone)).SetLocalTime("previousStartTime", inZone(e.Previous, zone))
	if !e.Ends.IsZero() {
		o.SetLocalTime("endTime", e.Ends.In(zone))
	}
	if e.OpenEnded || e.Ends.IsZero() {
		o.SetBool("displayEndTime", false)
	}
	o.SetString("timezone", zone.String())
	o.SetString("status", e.icalStatus()).SetString("eventStatus", firstOf(e.Status, EventScheduled)).SetString("reason", e.Reason)
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
		if len([]rune(t.Name)) < 40 { // T17
			tags = append(tags, hashtags(e.ID, []string{t.Name})...)
		}
	}
	o.SetObjects("tag", tags...)
	for _, c := range []string{"context", "replies", "attendees", "organizers"} {
		o.SetString(c, e.ID+"/"+c)
	}
	return allowQuotes(o, VisibilityOf(e.To, e.CC, ""))
}

func (e *Event) zone() *time.Location {
	if z, err := time.LoadLocation(firstOf(e.Zone, defaultZone)); err == nil && z.String() != "Local" {
		return z
	}
	return time.UTC
}

func inZone(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}

// title marks a cancelled event in its name (federation §7.2), within the 200 characters Mobilizon takes (T14).
func (e *Event) title(lang i18n.Lang) string {
	name := strings.TrimSpace(e.Name)
	if e.Status == EventCancelled {
		if mark := i18n.T(lang, "event.cancelled_mark") + " "; !strings.HasPrefix(name, mark) {
			name = mark + name
		}
	}
	return cut(name, maxTitle)
}

// content repeats the zone for an event that is only on line, since Mobilizon loses timezone without a location (T26).
func (e *Event) content(lang i18n.Lang) string {
	html := firstOf(e.HTML, "<p></p>")
	if e.Place == nil && e.Online {
		if when := "<p>" + i18n.DateRange(lang, e.Starts.In(e.zone()), inZone(e.Ends, e.zone()), e.zone()) + "</p>"; !strings.Contains(html, when) {
			html += when
		}
	}
	return html
}

// Line is the summary of an event: date, hour, zone, place, seats in one plain line, which is all that Mastodon shows under the title (R9).
func (e *Event) Line(lang i18n.Lang) string {
	zone := e.zone()
	parts := []string{i18n.DateRange(lang, e.Starts.In(zone), inZone(e.Ends, zone), zone)}
	if e.Place != nil {
		for _, s := range []string{e.Place.Name, e.Place.Locality} {
			if s != "" && !strings.Contains(strings.Join(parts, ", "), s) {
				parts = append(parts, s)
			}
		}
	}
	if e.Online {
		parts = append(parts, i18n.T(lang, "event.online"))
	}
	line := strings.Join(parts, ", ") + "."
	if e.Capacity > 0 {
		line += " " + i18n.T(lang, "event.seats", e.Capacity) + "."
	}
	switch e.Status {
	case EventCancelled:
		line = i18n.T(lang, "event.cancelled_line", firstOf(e.Reason, "–")) + " " + line
	case EventPostponed:
		line = i18n.T(lang, "event.postponed_line") + " " + line
	case EventRescheduled:
		line = i18n.T(lang, "event.rescheduled_line") + " " + line
	}
	return cut(strings.Join(strings.Fields(line), " "), maxLine)
}

// When is the date and hour of an event inside a sentence.
func (e *Event) When(lang i18n.Lang) string {
	zone := e.zone()
	return i18n.DateRangeInside(lang, e.Starts.In(zone), inZone(e.Ends, zone), zone)
}

func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n-1])) + "…"
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
	for _, c := range knownCategories {
		if e.Category == c {
			return c
		}
	}
	return firstOf(categories[e.EventKind], "MEETING")
}

// encodeRegistration says how one registers: until registration is open here, on the event's own page (E8).
func (e *Event) encodeRegistration(o *vocab.Object) {
	mode := e.JoinMode
	switch {
	case mode == "invite", mode == "restricted":
	case mode == "external" || mode == "":
		mode = "external"
		o.SetString("externalParticipationUrl", firstOf(e.ExternalURL, e.URL))
	case e.Capacity > 0:
		mode = "restricted" // E7
	default:
		mode = "free"
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
	for i, p := range e.Pictures {
		if p.MediaType == "" {
			p.MediaType = "image/jpeg"
		}
		if i == 0 {
			o.SetObject("image", p.Object())
			out = append(out, p.Object().SetBool("isBannerImage", true))
			continue
		}
		out = append(out, p.Object())
	}
	if site := firstOf(e.OnlineURL, e.URL); site != "" {
		out = append(out, vocab.New(vocab.Link, "").SetString("mediaType", "text/html").SetString("name", website).SetString("href", site))
	}
	for _, id := range sortedKeys(e.Accessibility) {
		out = append(out, vocab.New(vocab.PropertyValue, "").SetString("mediaType", "text/plain").SetString("propertyID", id).SetString("value", e.Accessibility[id]))
	}
	o.SetObjects("attachment", out...)
}

// EventCounters are the figures added to an event when it is served (design §14): a registration sends no Update.
type EventCounters struct{ Participants int64 }

// CompleteEvent lays the counters over a stored event.
func CompleteEvent(content *vocab.Object, c EventCounters) *vocab.Object {
	o := content.Clone().SetInt("participantCount", c.Participants)
	if limit, ok := content.Int("maximumAttendeeCapacity"); ok {
		o.SetInt("remainingAttendeeCapacity", max(0, limit-c.Participants))
	}
	return o
}

// Validate says what is missing; see Thing.
func (e *Event) Validate() error {
	switch n := len([]rune(strings.TrimSpace(e.Name))); {
	case n < minTitle || n > maxTitle:
		return FieldError("name", "the title of an event has %d to %d characters", minTitle, maxTitle)
	case e.Starts.IsZero():
		return FieldError("startTime", "an event needs a start, such as 2027-03-12T18:00:00+01:00")
	case !e.Ends.IsZero() && e.Ends.Before(e.Starts):
		return FieldError("endTime", "an event cannot end before it starts")
	case e.Capacity < 0:
		return FieldError("maximumAttendeeCapacity", "a number of seats is at least 1")
	}
	if e.Zone != "" {
		if _, err := time.LoadLocation(e.Zone); err != nil {
			return FieldError("timezone", "no time zone is called %q; one looks like Europe/Paris", e.Zone)
		}
	}
	return checkTerritories(e.Territories)
}

// Identify sets what the author does not choose; see Thing.
func (e *Event) Identify(i Identity) {
	set(&e.ID, i.ID)
	set(&e.URL, i.URL)
	set(&e.AttributedTo, i.AttributedTo)
	set(&e.Context, i.Context)
	e.Language = firstOf(e.Language, i.Language)
	setList(&e.To, i.To)
	setList(&e.CC, i.CC)
	setTime(&e.Published, i.Published)
	setTime(&e.Updated, i.Updated)
}

// Clean rewrites the HTML; see Thing.
func (e *Event) Clean(sanitise func(string) string) { e.HTML = sanitise(e.HTML) }

// Columns extracts what queries need; see Thing.
func (e *Event) Columns() Columns {
	c := Columns{Territories: e.Territories, Language: e.Language, Starts: e.Starts, Ends: e.Ends}
	if e.Place != nil {
		c.Lat, c.Lon = e.Place.Lat, e.Place.Lon
	}
	for _, t := range e.Hashtags {
		c.Terms = append(c.Terms, Term{TermTag, strings.ToLower(t.Name)})
	}
	return c
}

// Summary shows the event; see Thing.
func (e *Event) Summary(lang i18n.Lang) Summary {
	s := Summary{Title: e.Name, HTML: e.HTML, URL: firstOf(e.URL, e.ID)}
	if !e.Starts.IsZero() {
		s.When = e.Line(lang)
	}
	s.Lead = s.When
	if len(e.Pictures) > 0 {
		s.Image = &e.Pictures[0]
	}
	return s
}

func sortedKeys(m map[string]string) []string {
	return slices.Sorted(maps.Keys(m))
}
