package essaim

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
)

var writeDocs = flag.Bool("write-docs", false, "write docs/examples anew instead of comparing")

// The documents of docs/examples are made from filled values, so that what we publish as our vocabulary is what we send.

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

func float(v float64) *float64 { return &v }

func sampleProject() *Project {
	const id = host + "/actors/covoit_vallee"
	return &Project{
		Profile: Profile{Kind: KindProject, ID: id, URL: host + "/@covoit_vallee", Handle: "covoit_vallee", Name: "Covoit’Vallée", Language: "fr",
			HTML: "<p>Des trajets partagés entre voisins, réservés par téléphone, pour les communes sans bus.</p>", Source: "Des trajets partagés entre voisins, réservés par téléphone, pour les communes sans bus.", AttributedTo: host + "/actors/accelerateur",
			Published: when("2026-03-02T08:00:00Z"), Updated: when("2027-02-10T09:30:00Z"), Discoverable: true, Indexable: true,
			Icon:  &vocab.Picture{URL: "https://media.innov.bzh.example/a/c1.png", MediaType: "image/png", Alt: "Logo : deux sièges et une route"},
			Image: &vocab.Picture{URL: "https://media.innov.bzh.example/b/c2.jpg", MediaType: "image/jpeg", Alt: "Un arrêt de covoiturage devant une mairie", Width: 1600, Height: 900},
			Tags:  []string{"Covoiturage", "Ruralité"}, Territories: []string{"fr:departement:56", "fr:commune:56178"}},
		Promise: "Pour les habitants sans voiture qui n’atteignent plus leurs soins, nous organisons des trajets partagés entre communes.",
		Carrier: host + "/actors/pays_de_pontivy",
		Partners: []Partner{{Name: "Pays de Pontivy", Actor: host + "/actors/pays_de_pontivy", Role: "carrier"}, {Name: "Région Bretagne", Role: "funder"},
			{Name: "Association Roulez ensemble", Role: "operator"}},
		Phase: PhasePaused,
		History: []PhaseEntry{{Phase: PhaseIdea, Date: day("2026-03-02"), Comment: "Repéré lors d’une visite à Pontivy"}, {Phase: PhaseInvestigation, Date: day("2026-04-20")},
			{Phase: PhaseConstruction, Date: day("2026-06-15")}, {Phase: PhasePilot, Date: day("2026-10-01"), Comment: "Douze communes"}, {Phase: PhasePaused, Date: day("2027-02-10"), Comment: "L’assurance des conducteurs est à renégocier"}},
		Themes: []string{"mobility", "social_action"}, Publics: []string{"individual", "local_authority"}, SDGs: []string{"3", "11"},
		Indicators: []Indicator{{Name: "Trajets partagés par mois", Unit: "trajet", Baseline: float(0), Target: float(400), Value: float(256), Date: day("2027-01-31"),
			Method: "Appels honorés, comptés par la centrale", Source: host + "/donnees/covoit_vallee.csv"},
			{Name: "Part des rendez-vous de soins tenus", Unit: "%", Baseline: float(61.5), Target: float(85), Value: float(78.2), Date: day("2027-01-31")}},
		Costs:   &Costs{Investment: float(48000), Yearly: float(21500), FTE: float(0.6), FundedBy: "Région Bretagne, fonds mobilité rurale"},
		License: LicencePublicData, CodeLicense: "EUPL-1.2", Repository: "https://forge.example/covoit-vallee",
		Links:      []ProjectLink{{Name: "Guide de mise en route", Href: host + "/documents/guide-covoit.pdf"}},
		Contact:    "mobilite@pays-pontivy.example",
		StopReason: "legal",
		Lessons: &Lessons{Worked: "Le numéro de téléphone unique", Failed: "L’application : trop peu d’usages", Conditions: "Un référent par mairie",
			Avoid: "Démarrer sans assurance"},
		Assets:      []string{"Convention type avec les mairies", "Guide du référent"},
		OpenToTake:  true,
		DerivedFrom: []string{"https://innov.pdl.example/actors/covoit_redon"},
	}
}

func sampleEvent() *Event {
	const id = host + "/objects/06ek5rk8x4rg2"
	e := &Event{
		ID: id, URL: host + "/agenda/06ek5rk8x4rg2", AttributedTo: host + "/actors/covoit_vallee", Name: "Atelier : un point de rencontre par commune",
		HTML: "<p>Deux heures pour choisir, carte en main, où se retrouver.</p>", Language: "fr", Published: when("2027-01-15T09:00:00Z"), Updated: when("2027-01-20T10:00:00Z"),
		Starts: when("2027-03-12T18:00:00+01:00"), Ends: when("2027-03-12T20:00:00+01:00"), Zone: "Europe/Paris", Status: EventRescheduled, Reason: "La salle n’était plus libre", Previous: when("2027-03-05T18:00:00+01:00"),
		EventKind: "workshop", JoinMode: "restricted", Capacity: 30, Online: true, OnlineURL: "https://visio.example/covoit",
		Place: &EventPlace{Name: "Palais des congrès", Street: "10 rue du Général de Gaulle", PostalCode: "56300", Locality: "Pontivy", Region: "Bretagne", Country: "France",
			Lat: float(48), Lon: float(-2.96)},
		Accessibility: map[string]string{"mz:accessibility:wheelchairAccessible": "fully", "mz:accessibility:live:subtitle": "true"},
		Pictures:      []vocab.Picture{{URL: "https://media.innov.bzh.example/e/a7.jpg", MediaType: "image/jpeg", Alt: "Affiche : une carte et douze épingles", Width: 1200, Height: 630}},
		Hashtags:      []vocab.Tag{{Name: "Covoiturage"}}, Territories: []string{"fr:commune:56178"}, Comments: "allow_all",
	}
	e.To, e.CC = PublicV.Address(host + "/actors/covoit_vallee/followers")
	return e
}

// sampleDocuments are the documents by file name, as they are served.
func sampleDocuments(t *testing.T) map[string]*vocab.Object {
	keys := func(from string) ActorKeys {
		k := keysIn(parse(t, example(t, from)))
		k.Ed25519Multi = "z6MkiEQYvc8JZ7hdSjgZKd12pwwS4fXB1GywDtsjkRhXhoWe"
		return k
	}
	actor := func(thing Thing, keysOf string) *vocab.Object {
		content := thing.Encode()
		k := keys(keysOf)
		k.RSAID, k.Ed25519ID = content.ID()+"#main-key", content.ID()+"#ed25519-1"
		return CompleteActor(content, testSite, k)
	}
	accelerator := &Profile{Kind: KindAccelerator, ID: host + "/actors/accelerateur", URL: host + "/@accelerateur", Handle: "accelerateur", Name: "Accélérateur public de Bretagne", Language: "fr",
		HTML: "<p>Plateforme territoriale d’innovation publique : collectivités, État, société civile.</p>", Published: when("2026-02-02T00:00:00Z"), Discoverable: true, Indexable: true,
		Territories: []string{"fr:region:53"}, ActorKind: "public_accelerator", Missions: []string{"incubate", "train"},
		Icon:       &vocab.Picture{URL: "https://media.innov.bzh.example/a/7f3.png", MediaType: "image/png", Alt: "Logo : trois spirales bleues"},
		Properties: []vocab.Property{{Name: "Site", Value: `<a href="https://innov.bzh.example" rel="me nofollow noopener">innov.bzh.example</a>`}}}
	person := &Profile{Kind: KindPerson, ID: host + "/actors/nolwenn", URL: host + "/@nolwenn", Handle: "nolwenn", Name: "Nolwenn Le Goff", Language: "fr", HTML: "<p>Chargée de mission innovation.</p>",
		Published: when("2026-02-03T00:00:00Z"), Discoverable: true, Tags: []string{"Mobilité"}, AlsoKnownAs: []string{"https://mastodon.example/users/nolwenn"}}
	instance := &Profile{Kind: KindInstance, ID: host + "/actor", URL: host + "/a-propos", Handle: InstanceHandle, Name: "Accélérateur public de Bretagne (serveur)", Language: "fr",
		HTML: "<p>Annonce les projets et les événements publics de cette instance.</p>", Published: when("2026-02-02T00:00:00Z"), Discoverable: true, Indexable: true}
	for _, thing := range []Thing{sampleProject(), sampleEvent(), accelerator, person} {
		if err := thing.Validate(); err != nil {
			t.Errorf("the sample %T: %v", thing, err)
		}
	}
	return map[string]*vocab.Object{
		"project.json": actor(sampleProject(), "03-project-group.json"), "accelerator.json": actor(accelerator, "02-accelerator-organization.json"),
		"person.json": actor(person, "04-person.json"), "instance.json": actor(instance, "01-instance-actor.json"),
		"event.json": CompleteEvent(sampleEvent().Encode(), EventCounters{Participants: 12}),
	}
}

// TestDocumentsOfTheVocabulary holds docs/examples equal to what the code writes. After a change on purpose:
// go test ./internal/essaim -run Vocabulary -write-docs
func TestDocumentsOfTheVocabulary(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "examples")
	for name, o := range sampleDocuments(t) {
		var out bytes.Buffer
		if err := json.Indent(&out, o.Document(), "", "  "); err != nil {
			t.Fatal(err)
		}
		out.WriteByte('\n')
		if err := vocab.CheckCore(parse(t, o.Document())); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		path := filepath.Join(dir, name)
		if *writeDocs {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, out.Bytes()) {
			t.Errorf("docs/examples/%s is not what is sent: %v", name, err)
		}
	}
	p := sampleDocuments(t)["project.json"]
	back, _ := reread(t, Decode(p))
	if *back.(*Project).Costs.FTE != 0.6 || len(back.(*Project).History) != 5 {
		t.Error("the project of the page is not read as it was written")
	}
}

// TestProjectIsFilled: every field of the sample says something, so that a new field comes with its example.
func TestProjectIsFilled(t *testing.T) {
	var m map[string]any
	b, err := json.Marshal(sampleProject())
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	for field, v := range m {
		if empty := v == nil || v == "" || v == false; empty && !slices.Contains([]string{"Type", "Properties", "ActorKind", "Missions", "AlsoKnownAs", "ManuallyApproves"}, field) {
			t.Errorf("%s is empty", field)
		}
	}
}

// TestVocabularyPage: every term of ours that a document uses is on the page, and every vocabulary.
func TestVocabularyPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "vocabulary.md"))
	if err != nil {
		t.Fatal(err)
	}
	ours := regexp.MustCompile(`"essaim:([A-Za-z]+)"`)
	terms := make(map[string]bool)
	for _, o := range sampleDocuments(t) {
		for _, m := range ours.FindAllSubmatch(o.Document(), -1) {
			terms[string(m[1])] = true
		}
	}
	if len(terms) < 30 {
		t.Errorf("only %d terms of ours", len(terms))
	}
	for _, term := range slices.Sorted(maps.Keys(terms)) {
		if !bytes.Contains(page, []byte("`"+term+"`")) {
			t.Errorf("docs/vocabulary.md does not tell of %s", term)
		}
	}
	for _, s := range Schemes {
		if !strings.Contains(string(page), "`"+s.Name+"`") {
			t.Errorf("docs/vocabulary.md does not tell of the vocabulary %s", s.Name)
		}
	}
}
