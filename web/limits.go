package web

import (
	"math"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"essaim/federation/inbox"
	"essaim/internal/httpx"
)

// limits are what a network and, apart from it, a name may ask for of what costs or could be guessed (S38). A whole workshop signs up from one address: networks
// are given room, names are not.
type limits struct {
	signIn, signUp, letters limit
}

type limit struct {
	network *inbox.Limiter[netip.Prefix]
	name    *inbox.Limiter[string]
}

func newLimits() limits {
	make := func(network, name inbox.Rate) limit {
		return limit{inbox.NewLimiter[netip.Prefix](network, network), inbox.NewLimiter[string](name, name)}
	}
	return limits{
		signIn:  make(inbox.Rate{PerSecond: 1.0 / 5, Burst: 60}, inbox.Rate{PerSecond: 1.0 / 60, Burst: 10}),
		signUp:  make(inbox.Rate{PerSecond: 1.0 / 60, Burst: 40}, inbox.Rate{PerSecond: 1.0 / 600, Burst: 5}),
		letters: make(inbox.Rate{PerSecond: 1.0 / 60, Burst: 20}, inbox.Rate{PerSecond: 1.0 / 600, Burst: 3}),
	}
}

// wait is how long who asks must wait, 0 for not at all. name is an account as it was typed; "" counts for the network alone.
func (l limit) wait(r *http.Request, name string, now time.Time) time.Duration {
	if wait := l.network.Take(inbox.Network(httpx.Addr(r)), now); wait > 0 {
		return wait
	}
	if name == "" {
		return 0
	}
	return l.name.Take(named(name), now)
}

// before is wait for what a name may succeed in only so often: a success is noted by drew.
func (l limit) before(r *http.Request, name string, now time.Time) time.Duration {
	if wait := l.wait(r, "", now); wait > 0 {
		return wait
	}
	return l.name.Empty(named(name), now)
}

func (l limit) drew(name string, now time.Time) { l.name.Take(named(name), now) }

func named(typed string) string {
	typed = strings.ToLower(strings.TrimSpace(typed))
	return typed[:min(len(typed), 200)]
}

// tooOften shows a form again and says when to come back: 429, with Retry-After.
func (f *form) tooOften(v *view, field string, wait time.Duration) error {
	minutes := int(math.Ceil(wait.Minutes()))
	f.add(v, field, v.T("account.too_often", minutes))
	v.Status, v.Retry = http.StatusTooManyRequests, wait
	return nil
}
