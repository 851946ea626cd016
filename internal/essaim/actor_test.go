package essaim

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

var testSite = Site{Base: host, Host: "innov.bzh.example"}

// keysIn takes the keys of an example, so that what we complete can be compared with it.
func keysIn(o *vocab.Object) ActorKeys {
	k := ActorKeys{RSAID: o.Object("publicKey").ID(), RSAPEM: o.Object("publicKey").String("publicKeyPem")}
	if m := o.Object("assertionMethod"); m != nil {
		k.Ed25519ID, k.Ed25519Multi = m.ID(), m.String("publicKeyMultibase")
	}
	return k
}

// TestActorsComplete: completed actors have the properties of examples 01 to 04 with the same values, but for what no collection answers yet, for
// counters, and for what we say beside.
func TestActorsComplete(t *testing.T) {
	for name, allowed := range map[string][]string{
		"01-instance-actor.json":           {"+/liked", "+/events", "+/projects", "+/needs"},
		"02-accelerator-organization.json": {"+/liked", "-/featuredTags", "+/kind"},
		"03-project-group.json":            {"+/liked", "-/memberCount", "-/replications", "+/kind", "+/attributionDomains"},
		"04-person.json":                   {"+/liked", "+/featured", "+/upcomingEvents"},
	} {
		want := parse(t, example(t, name))
		content := want.Clone()
		if name == "02-accelerator-organization.json" {
			content.SetString("kind", KindAccelerator)
		}
		got := CompleteActor(Decode(content).Encode(), testSite, keysIn(want))
		for _, d := range differences("", jsonMap(t, got.Document()), jsonMap(t, want.Document())) {
			facts := strings.HasPrefix(d, "~/attachment/1") // in the words of the example, where we write ours
			if !slices.Contains(allowed, d) && !facts {
				t.Errorf("%s: %s", name, d)
			}
		}
		if a := vocab.ReadActor(got); a == nil || len(a.Implements) != 1 || a.SharedInbox != host+"/inbox" || a.Webfinger != a.Handle+"@innov.bzh.example" {
			t.Errorf("%s: read as %+v", name, a)
		}
		if err := vocab.CheckCore(got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestGroupCollectionsComplete: Mobilizon reads all six collections of a Group, at the top and under endpoints, or none (T23, T24).
func TestGroupCollectionsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for kind, thing := range things(t) {
			if kind == KindEvent || kind == KindPost {
				continue
			}
			content := thing.Encode()
			before := string(content.Bytes())
			o := CompleteActor(content, testSite, ActorKeys{RSAID: content.ID() + "#main-key", RSAPEM: "pem", Ed25519ID: content.ID() + "#ed25519-1", Ed25519Multi: "z6Mk"})
			if string(content.Bytes()) != before {
				t.Fatal("the stored document changed")
			}
			id, endpoints := o.ID(), o.Object("endpoints")
			for _, c := range GroupCollections {
				want := ""
				if o.Type() == vocab.Group {
					want = id + "/" + c
				}
				if c == "events" && kind == KindInstance {
					continue
				}
				if o.String(c) != want || endpoints.String(c) != want {
					t.Fatalf("%s: %s is %q and %q, want %q", kind, c, o.String(c), endpoints.String(c), want)
				}
			}
			if o.Type() == vocab.Group && (o.String("openness") == "" || !o.Has("discoverable") || !o.Has("manuallyApprovesFollowers")) {
				t.Fatalf("%s lacks openness, discoverable or manuallyApprovesFollowers (T24)", kind)
			}
			for _, c := range []string{"inbox", "outbox", "followers", "following"} {
				if o.String(c) != id+"/"+c {
					t.Fatalf("%s: %s is %q", kind, c, o.String(c))
				}
			}
			doc, err := vocab.Parse(o.Document())
			if err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			if a := vocab.ReadActor(doc); a == nil || len(a.Keys) != 2 || a.Keys[0].Owner != id || a.Keys[1].Owner != id {
				t.Fatalf("%s: read as %+v", kind, a)
			}
			if err := vocab.CheckCore(doc); err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			if !strings.Contains(string(o.Document()), `"publicKey":{`) {
				t.Fatal("publicKey is not one object (R2)")
			}
		}
	})
}

// TestActorStub is example 40: what an unsigned request gets in secure mode.
func TestActorStub(t *testing.T) {
	whole := parse(t, example(t, "03-project-group.json"))
	stub := ActorStub(CompleteActor(Decode(whole).Encode(), testSite, keysIn(whole)))
	if d := differences("", jsonMap(t, stub.Document()), jsonMap(t, example(t, "40-actor-stub.json"))); len(d) > 0 {
		t.Errorf("%v", d)
	}
	if stub.Has("@context") || stub.Has("name") {
		t.Errorf("too much: %s", stub.Bytes())
	}
}

// TestKindOf: ours by their marks, others by what they most resemble.
func TestKindOf(t *testing.T) {
	for doc, want := range map[string]string{
		`"type":"Application"`:                                  KindInstance,
		`"type":"Organization"`:                                 KindOrganisation,
		`"type":"Organization","kind":"accelerator"`:            KindAccelerator,
		`"type":"Group","phase":"pilot"`:                        KindProject,
		`"type":"Group","phase":"unknown"`:                      KindProject,
		`"type":"Group","kind":"project"`:                       KindProject,
		`"type":"Group","openness":"moderated","todos":"x"`:     KindOrganisation, // Mobilizon
		`"type":"Group","postingRestrictedToMods":false`:        KindOrganisation, // Lemmy
		`"type":"Group","kind":"accelerator"`:                   KindOrganisation,
		`"type":["Project","Group"],"phase":"idea"`:             KindProject,
		`"type":"Person"`:                                       KindPerson,
		`"type":"Service"`:                                      KindPerson,
		`"type":"Event"`:                                        KindEvent,
		`"type":"Note","kind":"accelerator"`:                    KindPost,
		`"type":"Note","phase":"pilot"`:                         KindPost,
		`"type":"Article"`:                                      KindPost,
		`"type":"Question"`:                                     KindPost,
		`"type":"Proposal"`:                                     "",
		`"type":"Create"`:                                       "",
		`"type":"Tombstone"`:                                    "",
		`"type":"OrderedCollection","kind":"accelerator"`:       "",
		`"kind":"project","phase":"idea"`:                       "",
		`"type":{"a":"Note"},"kind":["accelerator"],"phase":[]`: "",
	} {
		o := parse(t, []byte("{"+doc+"}"))
		k, ok := KindOf(o)
		if k.Name != want || ok != (want != "") {
			t.Errorf("%s is %q, want %q", doc, k.Name, want)
		}
		if thing := Decode(o); (thing == nil) != (want == "") {
			t.Errorf("%s decoded as %T", doc, thing)
		}
	}
	if _, ok := KindNamed("nothing"); ok {
		t.Error("a kind that is not")
	}
	seen := make(map[string]bool)
	for _, k := range Kinds {
		if seen[k.Name] || k.Type == "" || k.Match == nil || k.Decode == nil || k.Actor != vocab.IsActor(k.Type) {
			t.Errorf("kind %+v", k)
		}
		seen[k.Name] = true
	}
}

// TestProfilesRead: groups of others, and names in maps.
func TestProfilesRead(t *testing.T) {
	p := Decode(parse(t, []byte(`{"type":"Group","id":"https://lemmy.example/c/velo","preferredUsername":"velo","nameMap":{"de":"Fahrrad"},"summary":"s","icon":"https://lemmy.example/i.png","tag":["#velo"],
		"image":{"url":[{"href":"https://lemmy.example/b.png"}]},"attachment":[{"type":"PropertyValue","name":"Site","value":"x"},{"type":"PropertyValue","value":"y"},{"type":"schema:PropertyValue","name":"z"}],"territory":"fr:region:53"}`))).(*Profile)
	if p.Name != "Fahrrad" || p.Language != "de" || p.Icon == nil || p.Icon.URL != "https://lemmy.example/i.png" || p.Image == nil || p.Image.URL != "https://lemmy.example/b.png" {
		t.Errorf("read %+v", p)
	}
	if len(p.Properties) != 1 || !reflect.DeepEqual(p.Columns(), Columns{Territories: []string{"fr:region:53"}, Language: "de", Terms: []Term{{TermTag, "velo"}}}) {
		t.Errorf("columns %+v, properties %+v", p.Columns(), p.Properties)
	}
	if s := (&Profile{ID: "https://a.example/u", Handle: "u"}).Summary(i18n.FR); s.Title != "u" || s.URL != "https://a.example/u" {
		t.Errorf("summary of nearly nothing: %+v", s)
	}
}

// TestUnknownCodesKept: a peer may know more values than we do; they are read, shown as text, filed and written again.
func TestUnknownCodesKept(t *testing.T) {
	doc := `{"type":"Group","id":"https://b.example/actors/p","preferredUsername":"p","name":"P","phase":"scaling_up","themes":["quantum"],"publics":["martians"],"sdg":["18"],"stopReason":"moved",
		"partners":[{"name":"X","role":"godmother"}],"phaseHistory":[{"phase":"scaling_up","date":"2026-01-02"}],"territory":["de:land:05"]}`
	p := Decode(parse(t, []byte(doc))).(*Project)
	if c := p.Columns(); c.Phase != "scaling_up" || !slices.Contains(c.Terms, Term{TermTheme, "quantum"}) || !slices.Contains(c.Terms, Term{TermSDG, "18"}) || !slices.Contains(c.Terms, Term{TermPublic, "martians"}) {
		t.Errorf("columns %+v", c)
	}
	o := p.Encode()
	for _, code := range []string{"scaling_up", "quantum", "martians", "18", "moved", "godmother", "de:land:05", "scaling up"} {
		if !strings.Contains(string(o.Bytes()), `"`+code+`"`) {
			t.Errorf("%q is lost in %s", code, o.Bytes())
		}
	}
	if err := p.Validate(); err == nil {
		t.Error("a member may publish codes that nobody knows")
	}
}

func TestProjectValidate(t *testing.T) {
	good := Project{Profile: Profile{Kind: KindProject, Handle: "covoit", Name: "Covoit"}, Phase: PhasePilot, Themes: []string{"data_digital"}, Publics: []string{"individual"}, SDGs: []string{"11"},
		Partners: []Partner{{Name: "Région", Role: "funder"}}, History: []PhaseEntry{{Phase: PhaseIdea}}}
	if err := good.Validate(); err != nil {
		t.Errorf("a good project: %v", err)
	}
	for field, spoil := range map[string]func(*Project){
		"name":              func(p *Project) { p.Name = " " },
		"preferredUsername": func(p *Project) { p.Handle = "dep56" },
		"summary":           func(p *Project) { p.HTML = strings.Repeat("é", maxSummary+1) },
		"phase":             func(p *Project) { p.Phase = "" },
		"promise":           func(p *Project) { p.Promise = strings.Repeat("é", maxPromise+1) },
		"themes":            func(p *Project) { p.Themes = []string{"data_digital", "x"} },
		"publics":           func(p *Project) { p.Publics = []string{"x"} },
		"sdg":               func(p *Project) { p.SDGs = []string{"18"} },
		"phaseHistory":      func(p *Project) { p.History = []PhaseEntry{{Phase: "x"}} },
		"stopReason":        func(p *Project) { p.StopReason = "x" },
		"partners":          func(p *Project) { p.Partners = []Partner{{Role: "funder"}} },
		"territory":         func(p *Project) { p.Territories = []string{"x"} },
		"missions":          func(p *Project) { p.Missions = []string{"x"} },
		"actorKind":         func(p *Project) { p.ActorKind = "x" },
	} {
		p := good
		spoil(&p)
		if err := p.Validate(); fieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	p := good
	if p.Phase = "x"; fieldOf(p.Validate()) != "phase" {
		t.Error("an unknown phase")
	}
}

// TestProjectHistory: nothing that was told of a project's past is untold (product V1).
func TestProjectHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		was, now := aProject(t), aProject(t)
		if rapid.Bool().Draw(t, "grown from it") {
			now.History = append(slices.Clone(was.History), now.History...)
		}
		before, at := slices.Clone(was.History), moment(t, "at")
		now.Succeed(was, at, "commentaire")
		if !reflect.DeepEqual(was.History, before) {
			t.Fatal("the former version changed")
		}
		if len(now.History) < len(before) || !reflect.DeepEqual(now.History[:len(before)], before) && len(before) > 0 {
			t.Fatalf("the past changed: %v became %v", before, now.History)
		}
		if n := len(now.History); n == 0 || now.History[n-1].Phase != now.Phase {
			t.Fatalf("the history %v does not end with the phase %q", now.History, now.Phase)
		}
		length := len(now.History)
		if now.Succeed(was, at, "autre"); len(now.History) != length {
			t.Fatalf("the same change told twice: %v", now.History)
		}
	})
	at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	was := &Project{Phase: PhasePilot, History: []PhaseEntry{{Phase: PhaseIdea, Date: at}, {Phase: PhasePilot, Date: at}}}
	now := &Project{Phase: PhaseStopped}
	now.Succeed(was, at, "fin des crédits")
	if want := append(slices.Clone(was.History), PhaseEntry{PhaseStopped, at, "fin des crédits"}); !reflect.DeepEqual(now.History, want) {
		t.Errorf("history %v, want %v", now.History, want)
	}
	if now.LastStep() != PhasePilot || was.LastStep() != PhasePilot || (&Project{Phase: PhasePaused}).LastStep() != "" {
		t.Error("the last step reached")
	}
}

func TestCheckHandle(t *testing.T) {
	for handle, good := range map[string]bool{"covoit_redon": true, "a": true, "0": true, "_": true, strings.Repeat("a", 30): true, strings.Repeat("a", 31): false, "": false, "A": false, "é": false, "a-b": false, "a.b": false,
		"a b": false, "a\n": false, "relay": false, "actor": false, "admin": false, "dep56": false, "com56178": false, "reg53": false, "departement": true} {
		if err := CheckHandle(handle); (err == nil) != good || !good && fieldOf(err) != "preferredUsername" {
			t.Errorf("CheckHandle(%q) = %v", handle, err)
		}
	}
}

func TestPostValidate(t *testing.T) {
	for field, p := range map[string]Post{"": {HTML: "<p>x</p>"}, "content": {HTML: " \n"}, "content ": {HTML: strings.Repeat("x", 80_001)}, "territory": {HTML: "x", Territories: []string{"x"}}, " ": {Pictures: []vocab.Picture{{URL: "https://a.example/1"}}}} {
		if err := p.Validate(); fieldOf(err) != strings.TrimSpace(field) {
			t.Errorf("%q: %v", field, err)
		}
	}
}

// TestIdentify: what is given is set, what is not stays.
func TestIdentify(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for kind, thing := range things(t) {
			before := string(thing.Encode().Bytes())
			if thing.Identify(Identity{}); string(thing.Encode().Bytes()) != before {
				t.Fatalf("%s: an empty identity changed something", kind)
			}
			id := Identity{ID: host + "/objects/x", URL: host + "/x", AttributedTo: host + "/actors/b", Handle: "x", To: []string{vocab.Public}, Published: moment(t, "new"), Updated: moment(t, "later")}
			thing.Identify(id)
			o := thing.Encode()
			if o.ID() != id.ID || o.Link("url") != id.URL || o.String("attributedTo") != id.AttributedTo || !o.Time("published").Equal(id.Published) || !o.Time("updated").Equal(id.Updated) {
				t.Fatalf("%s: %s", kind, o.Bytes())
			}
			cleaned := false
			thing.Clean(func(html string) string { cleaned = true; return "<p>propre</p>" })
			if s := thing.Summary(i18n.FR); !cleaned || s.HTML != "<p>propre</p>" {
				t.Fatalf("%s: cleaned %v: %+v", kind, cleaned, s)
			}
		}
	})
}

func ExampleEvent_Line() {
	e := Event{Starts: time.Date(2027, 3, 12, 17, 0, 0, 0, time.UTC), Zone: "Europe/Paris", Online: true}
	fmt.Println(e.Line(i18n.EN))
	// Output: On Friday 12 March 2027 at 18:00 (Paris time), online.
}
