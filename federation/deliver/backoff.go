package deliver

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Lifetime is how long a delivery is tried (DL3).
const Lifetime = 7 * 24 * time.Hour

// maxAfter is the longest wait a peer can ask for.
const maxAfter = 24 * time.Hour

// The steps of DL3; the last one repeats.
var steps = [...]time.Duration{
	time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// Backoff is the wait after the attempt-th failed try, counted from 1, spread by
// a tenth either way with rnd in [0,1), so that what failed together does not
// come back together (DL3).
func Backoff(attempt int, rnd float64) time.Duration {
	step := steps[min(max(attempt, 1), len(steps))-1]
	return time.Duration(float64(step) * (0.9 + 0.2*rnd))
}

// Expired says that a delivery first tried at first is given up at now (DL3).
func Expired(first, now time.Time) bool { return now.Sub(first) >= Lifetime }

// RetryAfter reads the header of that name, in seconds or as a date (RFC 9110
// §10.2.3): a wait between zero and one day, zero when there is none to read.
func RetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil {
		if seconds > uint64(maxAfter/time.Second) {
			return maxAfter
		}
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), maxAfter)
}
