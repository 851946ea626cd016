package deliver

import (
	"context"
	"errors"
	"time"

	"essaim/federation/fetch"
)

// Breaker settings: failures in a row that open it, how long one probe may take
// before another may be sent, and how long a host fails before it counts as down.
const (
	openAfter = 3
	probeTime = time.Minute
	downAfter = 7 * 24 * time.Hour
)

// HostHealth is the circuit breaker of one host, as a value that the caller
// stores. While it is closed every delivery goes out; after three failures in a
// row it opens, and one delivery at a time probes the host, first after a
// minute, then less and less often, in the end once a day (DL5).
type HostHealth struct {
	Failures     int       // in a row
	FirstFailure time.Time // of the current row; zero when the last try went well
	OpenUntil    time.Time // nothing is sent before
	LastOK       time.Time
}

// Allow says whether a delivery may go out now. When probe is true it is the only
// one that may: store Probing(now) first, and send only if nobody else stored it
// meanwhile.
func (h HostHealth) Allow(now time.Time) (ok, probe bool) {
	if now.Before(h.OpenUntil) {
		return false, false
	}
	return true, h.Failures >= openAfter
}

// Probing keeps everybody else away while a probe is under way. Should the prober
// die, another may follow after a minute.
func (h HostHealth) Probing(now time.Time) HostHealth {
	h.OpenUntil = now.Add(probeTime)
	return h
}

// After is the health after one try. Any answer but a temporary failure shows
// that the host lives, refusals included. A wait that the peer asked for is
// granted without being held against it. What failed on our side, or was
// interrupted by us, says nothing.
func (h HostHealth) After(r Result, now time.Time) HostHealth {
	switch {
	case errors.Is(r.Err, context.Canceled):
		return h
	case r.Err != nil && fetch.KindOf(r.Err) != fetch.Unreachable:
		return h
	case r.Err == nil && r.Status < 500:
		alive := HostHealth{LastOK: now}
		if r.After > 0 {
			alive.OpenUntil = now.Add(r.After)
		}
		return alive
	}
	if h.Failures == 0 {
		h.FirstFailure = now
	}
	h.Failures++
	if h.Failures >= openAfter {
		h.OpenUntil = now.Add(max(Backoff(h.Failures-openAfter+1, 0.5), r.After))
	} else if r.After > 0 {
		h.OpenUntil = now.Add(r.After)
	}
	return h
}

// Down says that the host has failed for seven days without one success (DL5).
func (h HostHealth) Down(now time.Time) bool {
	return h.Failures >= openAfter && now.Sub(h.FirstFailure) >= downAfter
}
