package fetch

import (
	"container/list"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/time/rate"
)

// Bounds of a Pacer's memory: domains remembered, hosts remembered for each, and
// for how long (S39).
const (
	pacerDomains = 10_000
	pacerHosts   = 256
	pacerTTL     = time.Hour
)

// Pacer limits how fast new hosts under one registrable domain are met, in
// either direction: a flood through wildcard DNS stays bounded (S39), and our own
// first announcements arrive at the pace peers accept (R19). It is safe for
// concurrent use.
type Pacer struct {
	n   int
	now func() time.Time

	mu      sync.Mutex
	domains map[string]*list.Element
	recent  list.List // of *pace, the most recently asked first
}

type pace struct {
	domain string
	asked  time.Time
	rate   *rate.Limiter
	hosts  map[string]struct{}
}

// NewPacer allows n new hosts in any minute for each registrable domain.
func NewPacer(n int, now func() time.Time) *Pacer {
	return &Pacer{n: n, now: now, domains: map[string]*list.Element{}}
}

// Admit counts a host. Zero means go ahead; otherwise nothing was counted and it
// may be asked again after that time. A host already admitted is free.
func (p *Pacer) Admit(host string) time.Duration {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.domain(Registrable(host), now)
	if _, known := d.hosts[host]; known {
		return 0
	}
	r := d.rate.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait
	}
	if len(d.hosts) < pacerHosts {
		d.hosts[host] = struct{}{}
	}
	return 0
}

func (p *Pacer) domain(name string, now time.Time) *pace {
	if e, ok := p.domains[name]; ok {
		p.recent.MoveToFront(e)
		d := e.Value.(*pace)
		d.asked = now
		return d
	}
	p.forget(now)
	// A bucket of n that refills by n a minute lets 2n through in one minute;
	// halves of both keep the promise for any minute.
	refill := max(p.n/2, 1)
	limit := rate.Limit(float64(refill) / time.Minute.Seconds())
	d := &pace{domain: name, asked: now, rate: rate.NewLimiter(limit, max(p.n-refill, 1)), hosts: map[string]struct{}{}}
	p.domains[name] = p.recent.PushFront(d)
	return d
}

// forget drops the domains nobody asked for lately, and the oldest when full.
func (p *Pacer) forget(now time.Time) {
	for e := p.recent.Back(); e != nil; e = p.recent.Back() {
		old := e.Value.(*pace)
		if now.Sub(old.asked) < pacerTTL && len(p.domains) < pacerDomains {
			return
		}
		p.recent.Remove(e)
		delete(p.domains, old.domain)
	}
}

// Registrable is the registrable domain of a normalised host, by the public
// suffix list; the host itself, port included, when it has none.
func Registrable(host string) string {
	name, _, err := splitPort(host, 443)
	if err != nil {
		return host
	}
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return host
	}
	return domain
}
