package inbox

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is a bucket: so many a second in the long run, so many at once. The zero value takes the default; a negative
// PerSecond is no limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Rates are the Limiter of S38. Addresses count per IPv4 address or IPv6 /64 and before anything else is looked at;
// hosts and actors count once their signature holds, so that nobody can empty the bucket of another. Refused counts the
// 401 of an address: who keeps failing is answered 429 before any key is looked for.
type Rates struct {
	Address, Host, Actor, Refused Rate
}

var (
	defaultAddress = Rate{200, 2000}
	defaultHost    = Rate{200, 2000}
	defaultActor   = Rate{20, 500}
	defaultRefused = Rate{2, 120}
)

const maxBuckets = 50_000

type limits struct {
	byAddress, byRefusal *Limiter[netip.Prefix]
	byHost, byActor      *Limiter[string]
}

func newLimits(r Rates) *limits {
	return &limits{
		byAddress: NewLimiter[netip.Prefix](r.Address, defaultAddress), byRefusal: NewLimiter[netip.Prefix](r.Refused, defaultRefused),
		byHost: NewLimiter[string](r.Host, defaultHost), byActor: NewLimiter[string](r.Actor, defaultActor),
	}
}

// address returns how long an address must wait, 0 for not at all.
func (l *limits) address(addr netip.Addr, now time.Time) time.Duration {
	network := Network(addr)
	if wait := l.byRefusal.Empty(network, now); wait > 0 {
		return wait
	}
	return l.byAddress.Take(network, now)
}

func (l *limits) refused(addr netip.Addr, now time.Time) { l.byRefusal.Take(Network(addr), now) }

func (l *limits) signer(host, actor string, now time.Time) time.Duration {
	if wait := l.byHost.Take(host, now); wait > 0 {
		return wait
	}
	return l.byActor.Take(actor, now)
}

// Network is what one party is likely to hold alone: an IPv4 address, an IPv6 /64.
func Network(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	p, _ := addr.Prefix(bits) // of an invalid address: the zero prefix, one bucket for all such
	return p
}

// SocketAddr is the address of the connection, whatever headers say.
func SocketAddr(r *http.Request) netip.Addr {
	p, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr()
}

// Limiter keeps a bucket for each key and forgets those not used for longest. A nil one limits nothing. It serves whatever else strangers may ask for too often.
type Limiter[K comparable] struct {
	limit rate.Limit
	burst int
	of    *bounded[K, *rate.Limiter]
}

// NewLimiter makes one; what r leaves out is taken from usual.
func NewLimiter[K comparable](r, usual Rate) *Limiter[K] {
	if r.PerSecond < 0 {
		return nil
	}
	if r.PerSecond == 0 {
		r.PerSecond = usual.PerSecond
	}
	if r.Burst <= 0 {
		r.Burst = usual.Burst
	}
	return &Limiter[K]{rate.Limit(r.PerSecond), r.Burst, newBounded[K, *rate.Limiter](maxBuckets)}
}

func (b *Limiter[K]) bucket(key K) *rate.Limiter {
	return b.of.getOr(key, func() *rate.Limiter { return rate.NewLimiter(b.limit, b.burst) })
}

// Take draws one and returns 0, or draws nothing and returns how long until there is one.
func (b *Limiter[K]) Take(key K, now time.Time) time.Duration {
	if b == nil {
		return 0
	}
	reservation := b.bucket(key).ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

// Empty is Take without drawing.
func (b *Limiter[K]) Empty(key K, now time.Time) time.Duration {
	if b == nil {
		return 0
	}
	limiter, ok := b.of.get(key)
	if !ok {
		return 0
	}
	if tokens := limiter.TokensAt(now); tokens < 1 {
		return time.Duration((1 - tokens) / float64(b.limit) * float64(time.Second))
	}
	return 0
}

// bounded is a map that holds at most twice max entries and forgets those not used for longest, a generation at a time.
type bounded[K comparable, V any] struct {
	mu         sync.Mutex
	max        int
	young, old map[K]V
}

func newBounded[K comparable, V any](max int) *bounded[K, V] {
	return &bounded[K, V]{max: max, young: make(map[K]V)}
}

func (b *bounded[K, V]) get(key K) (V, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.find(key)
}

func (b *bounded[K, V]) put(key K, v V) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(key, v)
}

// getOr returns what is there, or puts what make gives.
func (b *bounded[K, V]) getOr(key K, make func() V) V {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.find(key)
	if !ok {
		v = make()
		b.set(key, v)
	}
	return v
}

// swap puts v when nothing is there or replace agrees, and says whether it did.
func (b *bounded[K, V]) swap(key K, v V, replace func(V) bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if was, ok := b.find(key); ok && !replace(was) {
		return false
	}
	b.set(key, v)
	return true
}

func (b *bounded[K, V]) find(key K) (V, bool) {
	if v, ok := b.young[key]; ok {
		return v, true
	}
	v, ok := b.old[key]
	if ok {
		b.set(key, v)
	}
	return v, ok
}

func (b *bounded[K, V]) set(key K, v V) {
	if len(b.young) >= b.max {
		b.old, b.young = b.young, make(map[K]V)
	}
	b.young[key] = v
}
