package essaim

import (
	"slices"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

// Profile is what every actor has: the whole of a person, an organisation, an accelerator or the instance, and the base of a project.
type Profile struct {
	Kind         string
	Type         string // ActivityStreams type as published: a bot is a Service
	ID, URL      string
	Handle, Name string
	HTML         string // presentation: summary on the wire
	Source       string // the Markdown it was made from (AP §3.3); "" when it came as HTML
	Language     string
	AttributedTo string // who made the actor, itself an actor
	Published    time.Time
	Updated      time.Time
	Icon, Image  *vocab.Picture
	Properties   []vocab.Property
	Tags         []string // hashtags without #
	Territories  []string // keys (D13)
	ActorKind    string   // V2, organisations only
	Missions     []string // V9, accelerators only
	AlsoKnownAs  []string

	ManuallyApproves, Discoverable, Indexable bool
}

const (
	maxName    = 200
	maxSummary = 5000 // T24
)

func decodeProfile(kind string) func(*vocab.Object) Thing {
	return func(o *vocab.Object) Thing {
		p := readProfile(o)
		p.Kind = kind
		return p
	}
}

func readProfile(o *vocab.Object) *Profile {
	p := &Profile{
		Type: o.Type(), ID: o.ID(), URL: o.Link("url"), Handle: o.String("preferredUsername"), AttributedTo: o.IRI("attributedTo"),
		Published: o.Time("published"), Updated: o.Time("updated"), Icon: picture(o, "icon"), Image: picture(o, "image"),
		Territories: o.Strings("territory"), ActorKind: o.String("actorKind"), Missions: o.Strings("missions"), AlsoKnownAs: o.IRIs("alsoKnownAs"),
	}
	p.Source = sourceOf(o)
	p.Name, p.Language = o.Text("name")
	var lang string
	if p.HTML, lang = o.Text("summary"); lang != "" {
		p.Language = lang
	}
	for _, pr := range vocab.ReadProperties(o) {
		if pr.Name != "" {
			p.Properties = append(p.Properties, pr)
		}
	}
	tags, _ := vocab.ReadTags(o)
	for _, t := range tags {
		p.Tags = append(p.Tags, t.Name)
	}
	p.ManuallyApproves, _ = o.Bool("manuallyApprovesFollowers")
	p.Discoverable, _ = o.Bool("discoverable")
	p.Indexable, _ = o.Bool("indexable")
	return p
}

func picture(o *vocab.Object, key string) *vocab.Picture {
	it := o.Item(key)
	if it.Doc != nil {
		it.Doc = it.Doc.Clone().SetString("type", vocab.Image)
	}
	pics := vocab.ReadPictures(vocab.New("", "").SetItem("image", it))
	if len(pics) == 0 {
		return nil
	}
	return &pics[0]
}

// Encode writes the profile; see Thing.
func (p *Profile) Encode() *vocab.Object {
	typ := p.Type
	if k, ok := KindNamed(p.Kind); ok && !(p.Kind == KindPerson && typ == vocab.Service) {
		typ = k.Type
	}
	o := vocab.New(typ, p.ID).SetString("preferredUsername", p.Handle).SetString("name", p.Name)
	o.SetText("summary", p.Language, p.HTML).SetString("url", p.URL).SetString("attributedTo", p.AttributedTo)
	if p.Kind == KindAccelerator || p.Kind == KindProject {
		o.SetString(markerTerm, p.Kind)
	}
	o.SetTime("published", p.Published).SetTime("updated", p.Updated)
	o.SetBool("manuallyApprovesFollowers", p.ManuallyApproves).SetBool("discoverable", p.Discoverable).SetBool("indexable", p.Indexable)
	o.SetStrings("territory", p.Territories...).SetString("actorKind", p.ActorKind).SetStrings("missions", p.Missions...)
	o.SetStrings("alsoKnownAs", p.AlsoKnownAs...)
	setSource(o, p.Source)
	if p.Icon != nil {
		o.SetObject("icon", p.Icon.Object())
	}
	if p.Image != nil {
		o.SetObject("image", p.Image.Object())
	}
	var attachments []*vocab.Object
	for _, pr := range p.Properties {
		attachments = append(attachments, propertyValue(pr.Name, pr.Value))
	}
	o.SetObjects("attachment", attachments...)
	return o.SetObjects("tag", hashtags(p.ID, p.Tags)...)
}

func propertyValue(name, value string) *vocab.Object {
	return vocab.New(vocab.PropertyValue, "").SetString("name", name).SetString("value", value)
}

// hashtags makes the tags of a document; their pages are on the document's own host.
func hashtags(id string, tags []string) []*vocab.Object {
	site := Site{Base: originOf(id)}
	var out []*vocab.Object
	for _, t := range tags {
		if t = strings.TrimLeft(strings.TrimSpace(t), "#"); t != "" {
			out = append(out, vocab.New(vocab.Hashtag, "").SetString("name", "#"+t).SetString("href", site.Tag(t)))
		}
	}
	return out
}

func originOf(iri string) string {
	scheme, rest, ok := strings.Cut(iri, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// Validate says what is missing; see Thing.
func (p *Profile) Validate() error {
	if err := CheckHandle(p.Handle); err != nil && p.Kind != KindInstance {
		return err
	}
	switch name := strings.TrimSpace(p.Name); {
	case name == "":
		return FieldError("name", "a name is needed")
	case len([]rune(name)) > maxName:
		return FieldError("name", "a name has at most %d characters", maxName)
	case len([]rune(p.HTML)) > maxSummary:
		return FieldError("summary", "a presentation has at most %d characters", maxSummary)
	}
	if p.ActorKind != "" && !ActorKinds.Has(p.ActorKind) {
		return FieldError("actorKind", "no kind of actor is called %q", p.ActorKind)
	}
	for _, m := range p.Missions {
		if !Missions.Has(m) {
			return FieldError("missions", "no mission is called %q; they are %s", m, strings.Join(Missions.IDs(), ", "))
		}
	}
	return checkTerritories(p.Territories)
}

func checkTerritories(keys []string) error {
	for _, k := range keys {
		if _, ok := TerritoryByKey(k); !ok && !strings.HasPrefix(k, LevelCustom+":") && k != CountryKey {
			return FieldError("territory", "no territory has the key %q; keys look like fr:departement:56", k)
		}
	}
	return nil
}

// Identify sets what the author does not choose; see Thing.
func (p *Profile) Identify(i Identity) {
	set(&p.ID, i.ID)
	set(&p.URL, i.URL)
	set(&p.AttributedTo, i.AttributedTo)
	set(&p.Handle, i.Handle)
	p.Language = firstOf(p.Language, i.Language)
	setTime(&p.Published, i.Published)
	setTime(&p.Updated, i.Updated)
	if i.ID != "" && p.Kind != KindPerson { // bodies and projects are public and say so to other servers (T24, FEP-5feb); people choose
		p.Discoverable, p.Indexable = true, true
	}
}

// Clean rewrites the HTML; see Thing.
func (p *Profile) Clean(sanitise func(string) string) { p.HTML = sanitise(p.HTML) }

// Columns extracts what queries need; see Thing.
func (p *Profile) Columns() Columns {
	c := Columns{Territories: p.Territories, Language: p.Language}
	for _, t := range p.Tags {
		c.Terms = append(c.Terms, Term{TermTag, TagKey(t)})
	}
	return c
}

// Summary shows the profile; see Thing.
func (p *Profile) Summary(i18n.Lang) Summary {
	title := p.Name
	if title == "" {
		title = p.Handle
	}
	return Summary{Title: title, HTML: p.HTML, URL: p.page(), Image: p.Icon}
}

func (p *Profile) page() string {
	if p.URL != "" {
		return p.URL
	}
	return p.ID
}

// Keys of an actor as they are published with it.
type ActorKeys struct {
	RSAID, RSAPEM           string
	Ed25519ID, Ed25519Multi string
}

// CompleteActor adds to the content of a local actor what every peer needs to speak with it: endpoints, collections, keys, abilities
// (federation §3). The document given is not changed.
func CompleteActor(content *vocab.Object, site Site, keys ActorKeys) *vocab.Object {
	o, id := content.Clone(), content.ID()
	handle := content.String("preferredUsername")
	o.SetString("webfinger", handle+"@"+site.Host)
	for _, c := range []string{"inbox", "outbox", "followers", "following", "liked"} {
		o.SetString(c, id+"/"+c)
	}
	endpoints := vocab.New("", "").SetString("sharedInbox", site.SharedInbox())
	o.SetString("upcomingEvents", id+"/upcoming")
	capability := vocab.New(vocab.Link, "").SetString("href", vocab.RFC9421).SetString("name", "RFC 9421 HTTP Message Signatures")
	switch kind, _ := KindOf(content); {
	case kind.Name == KindInstance:
		o.SetObjects("implements", capability)
		for _, c := range []string{"projects", "events", "needs"} {
			o.SetString(c, id+"/"+c)
		}
	default:
		o.SetString("featured", id+"/featured")
		o.SetObject("generator", vocab.New(vocab.Application, "").SetObjects("implements", capability))
		if kind.Type == vocab.Group {
			for _, c := range GroupCollections {
				o.SetString(c, id+"/"+c)
				endpoints.SetString(c, id+"/"+c)
			}
			o.SetString("openness", "moderated").SetBool("postingRestrictedToMods", true)
		}
		if kind.Type != vocab.Person {
			o.SetStrings("attributionDomains", site.Domain())
		}
	}
	o.SetObject("endpoints", endpoints)
	o.SetObject("publicKey", vocab.New("", keys.RSAID).SetString("owner", id).SetString("publicKeyPem", keys.RSAPEM))
	if keys.Ed25519ID != "" {
		o.SetObjects("assertionMethod", vocab.New("Multikey", keys.Ed25519ID).SetString("controller", id).SetString("publicKeyMultibase", keys.Ed25519Multi))
	}
	return o
}

// ActorStub is what an unsigned request gets of an actor in secure mode: enough to check a signature (R17, examples/40).
func ActorStub(complete *vocab.Object) *vocab.Object {
	o := complete.Clone()
	for _, key := range complete.Keys() {
		if !slices.Contains([]string{"id", "type", "preferredUsername", "inbox", "publicKey", "assertionMethod"}, key) {
			o.Remove(key)
		}
	}
	return o
}

// GroupCollections are what Mobilizon reads of a Group, all of them or nothing (T23).
var GroupCollections = []string{"members", "resources", "posts", "todos", "discussions", "events"}
