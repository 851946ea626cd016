// Package dataset makes a large instance for benchmarks: twenty servers with their projects, bodies, people, meetings, posts, threads, follows and
// likes, a hundred thousand objects in all (design §16). The same size and moment give the same rows, shaped as internal/activity writes them.
//
// It refuses to write by itself (law 1): a benchmark hands it the rows' sink, which is store.Content within a transaction. It holds no SQL, and no
// program uses it.
package dataset

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Sink takes rows. store.Content is one.
type Sink interface {
	InsertObject(context.Context, *store.Object) (bool, error)
	PutActor(context.Context, *store.Actor) error
	AddTerms(context.Context, essaim.ID, []essaim.Term) error
	RecordActivity(context.Context, *store.Activity) (bool, error)
	PutRelation(context.Context, *store.Relation) error
}

// Size says how much is made; bodies and people are per server.
type Size struct {
	Servers                             int // the first is the instance itself
	Accelerators, Organisations, People int
	Projects, Events, Posts             int // in all
}

// Full is what design §16 wants pages to be measured on.
func Full() Size {
	return Size{Servers: 20, Accelerators: 3, Organisations: 15, People: 100, Projects: 3000, Events: 5000, Posts: 90_000}
}

// tags are the hashtags posts bear, the commonest first.
var tags = [...]string{"mobilite", "commun", "numerique", "climat", "inclusion", "essaimage", "sante", "donnees", "marche", "eau", "logement", "ecole"}

// Actor and Item are rows that pages lead to.
type (
	Actor struct {
		*store.Actor
		Site essaim.Site
	}
	// Item is an object with its author.
	Item struct {
		ID     essaim.ID
		IRI    string
		Author *Actor

		context   string
		published time.Time
		public    bool
	}
)

// World is what was made, oldest first.
type World struct {
	Instances, Accelerators, Organisations, People, Projects []*Actor
	Events, Posts                                            []*Item // Posts holds only what everybody may see
	Tags                                                     []string
}

// Fill makes a world as site knows it at a moment, and gives every row to the sink.
func Fill(ctx context.Context, sink Sink, site essaim.Site, now time.Time, size Size) (*World, error) {
	m := &maker{ctx: ctx, sink: sink, local: site, now: now, Rand: rand.New(rand.NewPCG(2026, 16)), world: &World{Tags: tags[:]},
		towns: essaim.Territories(essaim.LevelCommune), departements: essaim.Territories(essaim.LevelDepartement)}
	m.actors(size)
	m.meetings(size.Events)
	m.posts(size.Posts)
	m.relations()
	return m.world, m.err
}

// maker keeps the first error and does nothing after it.
type maker struct {
	*rand.Rand
	ctx                 context.Context
	sink                Sink
	local               essaim.Site
	now                 time.Time
	world               *World
	towns, departements []essaim.Territory
	err                 error
}

// moment is the i-th of n within the days before now, in order, to the millisecond.
func (m *maker) moment(i, n, days int) time.Time {
	step := time.Duration(days) * 24 * time.Hour / time.Duration(n)
	return m.now.Add(-step*time.Duration(n-i) + time.Duration(m.Int64N(int64(step)))).Truncate(time.Millisecond)
}

func (m *maker) id(t time.Time) essaim.ID { return essaim.NewID(t, m.now, m.Uint64()) }

func pick[T any](m *maker, list []T) T { return list[m.IntN(len(list))] }

// insert writes an object from its thing, with its terms and the activity that brought it.
func (m *maker) insert(id essaim.ID, thing essaim.Thing, by *Actor, change func(*store.Object)) {
	if m.err != nil {
		return
	}
	doc, cols := thing.Encode(), thing.Columns()
	kind, _ := essaim.KindOf(doc)
	o := &store.Object{ID: id, IRI: doc.ID(), Kind: kind.Name, Type: doc.Type(), Host: essaim.HostOf(doc.ID()), Local: m.local.Owns(doc.ID()),
		Context: doc.IRI("context"), InReplyTo: doc.IRI("inReplyTo"), Published: doc.Time("published"), Starts: cols.Starts, Ends: cols.Ends,
		Phase: cols.Phase, Language: cols.Language, Policy: 1, Doc: string(doc.Bytes()), HTML: thing.Summary("fr").HTML}
	if !o.Local {
		o.Fetched = o.Published
	}
	if !kind.Actor {
		o.AttributedTo = by.ID
		o.Visibility = essaim.VisibilityOf(vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc"), by.Followers)
	}
	if change != nil {
		change(o)
	}
	if _, m.err = m.sink.InsertObject(m.ctx, o); m.err != nil {
		return
	}
	terms := cols.Terms
	for _, key := range essaim.Expand(cols.Territories) {
		terms = append(terms, essaim.Term{Scheme: essaim.TermTerritory, Key: key})
	}
	if m.err = m.sink.AddTerms(m.ctx, id, terms); m.err != nil || by == nil {
		return
	}
	deed := &store.Activity{ID: m.id(o.Published), Type: vocab.Create, Actor: by.ID, Object: id, ObjectIRI: o.IRI, Visibility: o.Visibility, Published: o.Published, Extra: "{}"}
	if deed.IRI = by.Site.Activity(deed.ID); !o.Local {
		deed.Origin = 1
	}
	_, m.err = m.sink.RecordActivity(m.ctx, deed)
}

// put writes the row an actor has beside its object.
func (m *maker) put(id essaim.ID, site essaim.Site, handle, kind string) *Actor {
	k, _ := essaim.KindNamed(kind)
	iri := site.Actor(handle)
	a := &Actor{&store.Actor{ID: id, IRI: iri, Kind: kind, Handle: handle, Host: site.Host, Type: k.Type, Inbox: iri + "/inbox", SharedInbox: site.SharedInbox(), Outbox: iri + "/outbox",
		Followers: iri + "/followers", Verified: true, Local: site == m.local}, site}
	if m.err == nil {
		m.err = m.sink.PutActor(m.ctx, a.Actor)
	}
	return a
}

func (m *maker) relate(kind string, source, target essaim.ID, role string) {
	if m.err != nil {
		return
	}
	when := m.moment(m.IntN(1000), 1000, 300)
	id := m.id(when)
	m.err = m.sink.PutRelation(m.ctx, &store.Relation{ID: id, Kind: kind, Source: source, Target: target, State: store.Accepted, Role: role, Activity: m.local.Activity(id), Created: when})
}

func server(local essaim.Site, i int) essaim.Site {
	if i == 0 {
		return local
	}
	host := fmt.Sprintf("essaim%02d.example", i)
	return essaim.Site{Base: "https://" + host, Host: host}
}
