package dataset

import (
	"fmt"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func (m *maker) actors(size Size) {
	for i := range size.Servers {
		site := server(m.local, i)
		m.world.Instances = append(m.world.Instances, m.profile(site, essaim.KindInstance, essaim.InstanceHandle, i, size.Servers))
	}
	lists := []struct {
		kind, handle string
		n            int
		into         *[]*Actor
	}{
		{essaim.KindAccelerator, "labo", size.Accelerators, &m.world.Accelerators},
		{essaim.KindOrganisation, "mairie", size.Organisations, &m.world.Organisations},
		{essaim.KindPerson, "agent", size.People, &m.world.People},
	}
	for _, l := range lists {
		for i := range l.n * size.Servers {
			*l.into = append(*l.into, m.profile(server(m.local, i%size.Servers), l.kind, fmt.Sprintf("%s%d", l.handle, i), i, l.n*size.Servers))
		}
	}
	for i := range size.Projects {
		m.world.Projects = append(m.world.Projects, m.project(server(m.local, i%size.Servers), i, size.Projects))
	}
}

func (m *maker) profile(site essaim.Site, kind, handle string, i, n int) *Actor {
	when := m.moment(i, n, 900)
	id := m.id(when)
	p := &essaim.Profile{Kind: kind, ID: site.Actor(handle), URL: site.Profile(handle), Handle: handle, Name: "Équipe " + handle, HTML: m.paragraphs(1), Language: "fr", Published: when,
		Discoverable: i%2 == 0, Indexable: true, Properties: []vocab.Property{{Name: "Site", Value: site.Base}}}
	switch kind {
	case essaim.KindAccelerator:
		p.ActorKind, p.Missions, p.Territories = "public_accelerator", essaim.Missions.IDs()[:2], []string{pick(m, m.departements).Key}
	case essaim.KindOrganisation:
		p.ActorKind, p.Territories = "local_authority", []string{pick(m, m.towns).Key}
	}
	m.insert(id, p, nil, nil)
	return m.put(id, site, handle, kind)
}

func (m *maker) project(site essaim.Site, i, n int) *Actor {
	when := m.moment(i, n, 800)
	id, handle := m.id(when), fmt.Sprintf("projet%d", i)
	phases, themes := essaim.Phases.IDs(), essaim.Themes.IDs()
	value, baseline, target := float64(m.IntN(60)), 0.0, 80.0
	p := &essaim.Project{
		Profile: essaim.Profile{Kind: essaim.KindProject, ID: site.Actor(handle), URL: site.Profile(handle), Handle: handle, Name: m.words(5), HTML: m.paragraphs(4), Language: "fr",
			AttributedTo: pick(m, m.world.People).IRI, Published: when, Tags: []string{pick(m, tags[:])}, Territories: []string{pick(m, m.towns).Key}, Discoverable: true, Indexable: true},
		Promise: m.words(25), Carrier: pick(m, m.world.Organisations).IRI, Phase: pick(m, phases), Themes: []string{pick(m, themes)}, Publics: essaim.Publics.IDs()[:1], SDGs: []string{"11"},
		History:    []essaim.PhaseEntry{{Phase: essaim.PhaseIdea, Date: when.AddDate(0, -6, 0)}, {Phase: essaim.PhasePilot, Date: when, Comment: m.words(8)}},
		Partners:   []essaim.Partner{{Name: "Partenaire", Actor: pick(m, m.world.Organisations).IRI, Role: "funder"}},
		Indicators: []essaim.Indicator{{Name: m.words(3), Unit: "%", Value: &value, Baseline: &baseline, Target: &target, Date: when}},
		Costs:      &essaim.Costs{Investment: &target, FundedBy: "Région"}, License: "etalab-2.0", Contact: "contact@" + site.Host,
	}
	if len(m.world.Projects) > 0 && i%5 == 0 {
		p.DerivedFrom = []string{pick(m, m.world.Projects).IRI}
	}
	m.insert(id, p, nil, nil)
	return m.put(id, site, handle, essaim.KindProject)
}

// meetings are spread from two years ago to half a year ahead; one in fifty is an exhibition of three months.
func (m *maker) meetings(n int) {
	const ahead = 180
	for i := range n {
		starts := m.moment(i, n, 730+ahead).AddDate(0, 0, ahead).Truncate(time.Minute)
		when := starts.AddDate(0, 0, -40).Add(time.Duration(m.IntN(86_400_000)) * time.Millisecond)
		if when.After(m.now) {
			when = m.moment(m.IntN(1000), 1000, 30)
		}
		by := pick(m, m.world.Projects)
		if i%3 == 0 {
			by = pick(m, m.world.Accelerators)
		}
		id := m.id(when)
		e := &essaim.Event{ID: by.Site.Object(id, ""), AttributedTo: by.IRI, To: []string{vocab.Public}, CC: []string{by.Followers}, Name: m.words(6), HTML: m.paragraphs(2), Language: "fr",
			Published: when, Starts: starts, Ends: starts.Add(2 * time.Hour), Zone: "Europe/Paris", EventKind: essaim.EventKinds.IDs()[i%3], JoinMode: "free", Capacity: 40,
			Place: &essaim.EventPlace{Name: "Salle des fêtes", Street: "1 rue du Foirail", PostalCode: "48000", Locality: "Mende", Country: "France"}, Territories: []string{pick(m, m.towns).Key}}
		e.URL = by.Site.Base + "/agenda/" + id.String()
		switch {
		case i%50 == 0:
			e.Ends = starts.AddDate(0, 3, 0)
		case i%7 == 0:
			e.Ends = time.Time{}
		}
		m.insert(id, e, by, nil)
		m.world.Events = append(m.world.Events, &Item{ID: id, IRI: e.ID, Author: by, published: when, public: true})
	}
}

// posts: three in ten answer another, some of them in a few very long threads; projects, bodies and people write.
func (m *maker) posts(n int) {
	all := make([]*Item, 0, n)
	for i := range n {
		by := pick(m, m.world.People)
		switch i % 4 {
		case 0:
			by = pick(m, m.world.Projects)
		case 1:
			if i%3 == 0 {
				by = pick(m, m.world.Accelerators)
			}
		}
		when := m.moment(i, n, 700)
		id := m.id(when)
		p := &essaim.Post{ID: by.Site.Object(id, ""), URL: by.Site.Profile(by.Handle) + "/" + id.String(), AttributedTo: by.IRI, HTML: m.paragraphs(1 + m.IntN(2)), Language: "fr", Published: when}
		v := essaim.PublicV
		if r := m.IntN(100); r >= 97 {
			v = essaim.Followers
		} else if r >= 90 {
			v = essaim.Unlisted
		}
		p.To, p.CC = v.Address(by.Followers)
		if tag := m.IntN(2 * len(tags)); tag < len(tags) {
			p.Hashtags = []vocab.Tag{{Type: vocab.Hashtag, Name: "#" + tags[min(tag, m.IntN(len(tags)))]}}
		}
		var parent *Item
		if len(all) > 100 && m.IntN(10) < 3 {
			parent = all[len(all)-1-m.IntN(100)]
			if m.IntN(20) == 0 {
				parent = all[m.IntN(10)]
			}
			p.InReplyTo, p.Context = parent.IRI, parent.context
		}
		item := &Item{ID: id, IRI: p.ID, Author: by, context: p.Context, published: when, public: v <= essaim.Unlisted}
		if item.context == "" {
			item.context = p.ID + "/context"
		}
		m.insert(id, p, by, func(o *store.Object) {
			if parent != nil {
				o.ReplyTo = parent.ID
			}
		})
		all = append(all, item)
		if item.public {
			m.world.Posts = append(m.world.Posts, item)
		}
	}
}

// relations: servers follow each other, people follow projects, some of them much more than others, like posts and belong to teams.
func (m *maker) relations() {
	w := m.world
	for _, peer := range w.Instances[1:] {
		m.relate(store.RelFollow, w.Instances[0].ID, peer.ID, "")
		m.relate(store.RelFollow, peer.ID, w.Instances[0].ID, "")
	}
	crowd := func(n int) int { return min(m.IntN(n), m.IntN(n), m.IntN(n)) }
	for _, person := range w.People {
		for range 10 {
			m.relate(store.RelFollow, person.ID, w.Projects[crowd(len(w.Projects))].ID, "")
		}
		m.relate(store.RelFollow, person.ID, w.Projects[0].ID, "")
		m.relate(store.RelFollow, person.ID, pick(m, w.Accelerators).ID, "")
		for range 25 {
			m.relate(store.RelLike, person.ID, w.Posts[crowd(len(w.Posts))].ID, "")
		}
	}
	for _, project := range w.Projects {
		for range 4 {
			m.relate(store.RelMember, pick(m, w.People).ID, project.ID, essaim.MemberRoles.IDs()[0])
		}
	}
}

const lexicon = "le territoire commun propose une expérimentation de service public avec les habitants et agents pour la mobilité des personnes âgées dans chaque commune rurale où nous mesurons " +
	"usage coût délai partenaires données ouvertes atelier terrain retour équipe solution simple essaimage accompagnement dispositif"

var vocabulary = strings.Fields(lexicon)

func (m *maker) words(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = pick(m, vocabulary)
	}
	return "Pour " + strings.Join(out, " ")
}

func (m *maker) paragraphs(n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "<p>%s.</p>", m.words(45))
	}
	return b.String()
}
