package browser

import (
	"context"
	"fmt"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
)

// attacks are what a stranger may put wherever text goes; each would set caught, ask another server, or break out of its place.
var attacks = []string{
	`"><script>globalThis.caught=1</script>`, `'><img src=x onerror=globalThis.caught=1>`, `<svg/onload=globalThis.caught=1>`, `<iframe srcdoc="<script>parent.caught=1</script>">`,
	`javascript:globalThis.caught=1`, `</title><script>globalThis.caught=1</script>`, `</textarea><script>globalThis.caught=1</script>`, `{{.Site}}${globalThis.caught=1}`,
	`<math><mtext><table><mglyph><style><img src=x onerror=globalThis.caught=1>`, `<a href="jav&#x09;ascript:globalThis.caught=1">x</a>`, `<form action=//127.0.0.1:9/><button>x`,
	`<link rel=stylesheet href=//127.0.0.1:9/x.css><style>@import '//127.0.0.1:9/y'</style>`, "‮" + `<base href=//127.0.0.1:9/>`,
}

// TestHostile shows what members and strangers put into every field that takes text: no script runs, nothing is asked elsewhere, the policy has nothing
// to refuse.
func TestHostile(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	var pages []string
	for i, attack := range attacks {
		pages = append(pages, writes(t, h, i, attack)...)
		pages = append(pages, arrives(t, h, i, attack)...)
	}
	pages = append(pages, "/", "/projets", "/agenda", "/explorer", "/annuaire/organisations", "/projets?theme=%22%3E%3Cscript%3EglobalThis.caught=1%3C/script%3E", "/explorer?q=%3Cimg+src=x+onerror=globalThis.caught=1%3E")
	if len(pages) < 7*len(attacks) {
		t.Fatalf("only %d pages show what was written", len(pages))
	}
	p := h.signedIn(t, "ines", "fr")
	p.goes(pages[0])
	p.sees("N " + attacks[0]) // as the words they are
	for _, page := range append(pages, "/fil", "/notifications") {
		p.goes(page)
		if caught, err := Eval[bool](p.tab, `globalThis.caught !== undefined`); err != nil || caught {
			t.Errorf("%s ran what somebody wrote: %v", page, err)
		}
		for _, problem := range p.tab.Problems() {
			t.Errorf("%s: %s", page, problem)
		}
	}
}

// writes has a member publish one of everything with the attack in each field that takes it.
func writes(t *testing.T, h *house, i int, attack string) (pages []string) {
	t.Helper()
	one := 1.0
	profile := func(handle string) essaim.Profile {
		return essaim.Profile{Handle: fmt.Sprintf("%s%d", handle, i), Name: "N " + attack, HTML: "<p>T " + attack + "</p>", Language: "fr", Discoverable: true, Indexable: true,
			Properties: []vocab.Property{{Name: "P " + attack, Value: attack}}}
	}
	project := &essaim.Project{Profile: profile("projet"), Promise: "M " + attack, Phase: essaim.PhaseStopped, StopReason: "funding", Contact: "c@maison.example", Assets: []string{attack},
		History:    []essaim.PhaseEntry{{Phase: "pilot", Date: time.Now().AddDate(-1, 0, 0), Comment: attack}, {Phase: essaim.PhaseStopped, Date: time.Now(), Comment: attack}},
		Partners:   []essaim.Partner{{Name: attack, Role: "funder"}},
		Indicators: []essaim.Indicator{{Name: attack, Unit: attack, Method: attack, Source: attack, Value: &one}}, Costs: &essaim.Costs{Investment: &one, FundedBy: attack},
		Links: []essaim.ProjectLink{{Name: attack, Href: attack}}, Lessons: &essaim.Lessons{Worked: attack, Failed: attack, Conditions: attack, Avoid: attack}}
	body := profile("corps")
	body.Kind, body.ActorKind = essaim.KindOrganisation, "local_authority"
	start := time.Now().AddDate(0, 0, 2)
	for _, thing := range []essaim.Thing{project, &body,
		&essaim.Event{Name: "N " + attack, HTML: "<p>" + attack + "</p>", Language: "fr", Starts: start, Ends: start.Add(time.Hour), Zone: "Europe/Paris", EventKind: "workshop", Online: true,
			OnlineURL: "https://visio.example/" + fmt.Sprint(i), Place: &essaim.EventPlace{Name: attack, Street: attack, PostalCode: attack, Locality: attack, Country: attack}},
		&essaim.Post{HTML: "<p>" + attack + "</p>", Warning: attack, Language: "fr"},
		&essaim.Post{HTML: "<p>" + attack + "</p>", Language: "fr"},
	} {
		out, err := h.Activity.Apply(context.Background(), activity.Create(h.Site.Actor("ines"), thing), activity.System())
		if err != nil {
			t.Logf("%T with %q is refused: %v", thing, attack, err)
			continue
		}
		pages = append(pages, out.Object.Thing().Summary("fr").URL)
	}
	return pages
}

// arrives has a stranger's server publish the same, as documents that nobody checked before they came.
func arrives(t *testing.T, h *house, i int, attack string) (pages []string) {
	t.Helper()
	ctx, host := context.Background(), fmt.Sprintf("s%d.example", i)
	eve := "https://" + host + "/users/eve"
	actor := vocab.New(vocab.Person, eve).SetString("preferredUsername", "eve").SetString("name", "È "+attack).SetText("summary", "en", "<p>"+attack+"</p>").
		SetString("inbox", eve+"/inbox").SetString("followers", eve+"/followers").
		SetObjects("attachment", vocab.New(vocab.PropertyValue, "").SetString("name", attack).SetString("value", attack)).
		SetObjects("icon", vocab.New(vocab.Image, "").SetString("url", attack).SetString("name", attack))
	if _, err := h.Activity.Apply(ctx, &vocab.Activity{Type: vocab.Update, Actor: eve, Object: vocab.Item{ID: eve, Doc: actor}}, activity.Fetched(host)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Activity.Apply(ctx, activity.About(vocab.Follow, h.Site.Actor("ines"), eve), activity.System()); err != nil {
		t.Fatal(err)
	}
	note := vocab.New(vocab.Note, "https://"+host+"/notes/1").SetString("attributedTo", eve).SetStrings("to", vocab.Public, h.Site.Actor("ines")).SetText("content", "en", "<p>"+attack+"</p>").
		SetString("summary", attack).SetString("url", attack).SetString("published", time.Now().UTC().Format(time.RFC3339)).
		SetObjects("attachment", vocab.New(vocab.Image, "").SetString("mediaType", "image/png").SetString("url", "https://"+host+"/p.png").SetString("name", attack)).
		SetObjects("tag", vocab.New(vocab.Mention, "").SetString("href", h.Site.Actor("ines")).SetString("name", attack))
	event := vocab.New(vocab.Event, "https://"+host+"/events/1").SetString("attributedTo", eve).SetStrings("to", vocab.Public).SetString("name", "R "+attack).SetText("content", "en", "<p>"+attack+"</p>").
		SetString("startTime", time.Now().AddDate(0, 0, 5).UTC().Format(time.RFC3339)).SetString("published", time.Now().UTC().Format(time.RFC3339)).SetString("onlineAddress", attack).
		SetObjects("location", vocab.New(vocab.Place, "").SetString("name", attack).SetObjects("address", vocab.New("PostalAddress", "").SetString("streetAddress", attack).SetString("addressLocality", attack)))
	pages = append(pages, "/@eve@"+host)
	for _, object := range []*vocab.Object{note, event} {
		create := &vocab.Activity{ID: object.ID() + "/create", Type: vocab.Create, Actor: eve, To: []string{vocab.Public}, Object: vocab.Item{ID: object.ID(), Doc: object}}
		doc, err := vocab.Parse(create.Document().Document())
		if err != nil {
			t.Logf("a document with %q is refused: %v", attack, err)
			continue
		}
		out, err := h.Activity.Apply(ctx, vocab.ReadActivity(doc), activity.Remote(eve))
		if err != nil || out.Object == nil {
			t.Logf("%s with %q is refused: %v", object.Type(), attack, err)
			continue
		}
		pages = append(pages, "/@eve@"+host+"/"+out.Object.ID.String())
	}
	return pages
}
