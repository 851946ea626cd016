package deliver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"essaim/federation/fedtest"
	"essaim/federation/fetch"
)

var now = time.Date(2030, 3, 1, 12, 0, 0, 0, time.UTC)

func sign(req *http.Request, _ []byte) error {
	req.Header.Set("Signature", `keyId="https://me.example/actor#main-key"`)
	return nil
}

func network() (*fedtest.Net, *fetch.Client) {
	n := &fedtest.Net{}
	return n, fetch.New(fetch.Options{Transport: n.As("me.example"), Now: func() time.Time { return now }})
}

func TestVerdicts(t *testing.T) {
	n, c := network()
	retry := http.Header{"Retry-After": {"120"}}
	for _, test := range []struct {
		status  int
		header  http.Header
		want    Verdict
		settled Verdict
		after   time.Duration
	}{
		{200, nil, Done, Done, 0}, {201, nil, Done, Done, 0}, {202, retry, Done, Done, 0}, {204, nil, Done, Done, 0},
		{301, nil, Retry, Retry, 0}, {302, nil, Retry, Retry, 0}, {307, nil, Retry, Retry, 0}, {308, nil, Retry, Retry, 0},
		{400, nil, Unsigned, Refused, 0}, {401, nil, Unsigned, Retry, 0},
		{403, retry, Refused, Refused, 0}, {405, nil, Refused, Refused, 0}, {406, nil, Refused, Refused, 0},
		{404, nil, Gone, Gone, 0}, {410, nil, Gone, Gone, 0},
		{408, nil, Retry, Retry, 0}, {413, nil, Refused, Refused, 0}, {422, nil, Refused, Refused, 0},
		{429, retry, Retry, Retry, 2 * time.Minute}, {429, nil, Retry, Retry, 0},
		{500, nil, Retry, Retry, 0}, {501, retry, Refused, Refused, 0}, {502, nil, Retry, Retry, 0},
		{503, retry, Retry, Retry, 2 * time.Minute}, {504, nil, Retry, Retry, 0}, {520, nil, Retry, Retry, 0},
	} {
		n.FailStatus("a.example", test.status, test.header, 1)
		r := Post(t.Context(), c, "https://a.example/inbox", []byte("{}"), sign)
		if r.Verdict != test.want || r.Settled().Verdict != test.settled || r.After != test.after || r.Status != test.status || r.Err != nil {
			t.Errorf("%d: %v settled %v after %v (%v), want %v %v %v", test.status, r.Verdict, r.Settled().Verdict, r.After, r.Err, test.want, test.settled, test.after)
		}
	}
	line := n.Log()[0]
	if line.Method != "POST" || line.ContentType != "application/activity+json; charset=utf-8" || line.Signature != fedtest.Cavage {
		t.Errorf("sent %+v", line)
	}
}

func TestFailures(t *testing.T) {
	n, c := network()
	n.Handle("slow.example", http.NotFoundHandler())
	n.Latency("slow.example", time.Hour)
	n.Down("down.example")
	var followed bool
	n.Handle("moved.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		followed = followed || r.URL.Path != "/inbox"
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	broken := func(*http.Request, []byte) error { return errors.New("no key") }
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name, inbox string
		ctx         context.Context
		sign        fetch.Signer
		size        int
		want        Verdict
		blame       bool // held against the host
	}{
		{"slow", "https://slow.example/inbox", t.Context(), sign, 2, Retry, true},
		{"down", "https://down.example/inbox", t.Context(), sign, 2, Retry, true},
		{"unknown", "https://nobody.example/inbox", t.Context(), sign, 2, Retry, true},
		{"moved", "https://moved.example/inbox", t.Context(), sign, 2, Retry, false},
		{"private", "https://127.0.0.1/inbox", t.Context(), sign, 2, Refused, false},
		{"not an address", "::", t.Context(), sign, 2, Refused, false},
		{"too large", "https://down.example/inbox", t.Context(), sign, fetch.MaxObject + 1, Refused, false},
		{"no key", "https://down.example/inbox", t.Context(), broken, 2, Retry, false},
		{"stopped", "https://slow.example/inbox", cancelled, sign, 2, Retry, false},
	} {
		r := Post(test.ctx, c, test.inbox, make([]byte, test.size), test.sign)
		if r.Verdict != test.want {
			t.Errorf("%s: %v (%v), want %v", test.name, r.Verdict, r.Err, test.want)
		}
		if blamed := (HostHealth{}).After(r, now).Failures == 1; blamed != test.blame {
			t.Errorf("%s: held against the host: %v", test.name, blamed)
		}
	}
	if followed {
		t.Error("a redirect was followed")
	}
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "90": 90 * time.Second, " 90 ": 90 * time.Second, "86400": maxAfter, "86401": maxAfter,
		"99999999999999999999": 0, "18446744073709551615": maxAfter, "-5": 0, "1.5": 0, "soon": 0,
		"Fri, 01 Mar 2030 12:10:00 GMT":     10 * time.Minute,
		"Friday, 01-Mar-30 12:10:00 GMT":    10 * time.Minute,
		"Fri Mar  1 12:10:00 2030":          10 * time.Minute,
		"Fri, 01 Mar 2030 11:00:00 GMT":     0,
		"Fri, 01 Mar 2999 11:00:00 GMT":     maxAfter,
		"Fri, 01 Mar 2030 12:10:00 Nowhere": 0,
	} {
		if got := RetryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"", "90", "Fri, 01 Mar 2030 12:10:00 GMT", "-1", "1e9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d := RetryAfter(s, now); d < 0 || d > maxAfter {
			t.Fatalf("%q: %v", s, d)
		}
	})
}

func TestBackoff(t *testing.T) {
	want := []time.Duration{1, 1, 5, 30, 120, 360, 720, 1440, 1440, 1440}
	for attempt, minutes := range want {
		step := minutes * time.Minute
		low, mid, high := Backoff(attempt, 0), Backoff(attempt, 0.5), Backoff(attempt, 1)
		if mid.Round(time.Second) != step || low.Round(time.Second) != step*9/10 || high.Round(time.Second) != step*11/10 {
			t.Errorf("attempt %d: %v %v %v, want about %v", attempt, low, mid, high, step)
		}
	}
	if Expired(now, now.Add(Lifetime-1)) || !Expired(now, now.Add(Lifetime)) || Lifetime != 168*time.Hour {
		t.Error("a delivery lives seven days")
	}
}

func TestBreaker(t *testing.T) {
	unreachable := Result{Verdict: Retry, Err: &fetch.Error{Kind: fetch.Unreachable}}
	var h HostHealth
	at := now
	for i := range 3 {
		if ok, probe := h.Allow(at); !ok || probe {
			t.Fatalf("after %d failures: %v %v", i, ok, probe)
		}
		h = h.After(unreachable, at)
	}
	if ok, _ := h.Allow(at); ok || h.FirstFailure != now {
		t.Fatalf("open after three: %+v", h)
	}
	// Only one probe at a time.
	at = h.OpenUntil
	if ok, probe := h.Allow(at); !ok || !probe {
		t.Fatal("no probe after the pause")
	}
	h = h.Probing(at)
	if ok, _ := h.Allow(at); ok {
		t.Error("a second probe beside the first")
	}
	if ok, probe := h.Allow(at.Add(probeTime)); !ok || !probe {
		t.Error("a prober that died blocks the host for ever")
	}
	// Pauses grow to a day; seven days without success are down.
	var pauses []time.Duration
	for range 20 {
		h = h.After(unreachable, at)
		pauses = append(pauses, h.OpenUntil.Sub(at))
		if h.Down(at) != (at.Sub(now) >= downAfter) {
			t.Errorf("down after %v: %v", at.Sub(now), h.Down(at))
		}
		at = h.OpenUntil
	}
	for i := 1; i < len(pauses); i++ {
		if pauses[i] < pauses[i-1] || pauses[i] > 25*time.Hour {
			t.Errorf("pauses %v", pauses)
			break
		}
	}
	if !h.Down(at) || pauses[len(pauses)-1].Round(time.Hour) != 24*time.Hour {
		t.Errorf("no daily probe of a host that is down: %v", pauses)
	}
	if interrupted := h.After(Result{Err: fmt.Errorf("stop: %w", context.Canceled)}, at); interrupted != h {
		t.Error("an interruption of ours changes the host's health")
	}
	for _, status := range []int{202, 401, 403, 404} {
		if back := h.After(Result{Status: status}, at); back != (HostHealth{LastOK: at}) {
			t.Errorf("%d should close the breaker: %+v", status, back)
		}
	}
	if h = h.After(Result{Status: 502}, at); h.Failures != 24 {
		t.Errorf("a 502 is a failure: %+v", h)
	}
	h = h.After(Result{Verdict: Retry, Status: 429, After: time.Hour}, at)
	if ok, _ := h.Allow(at.Add(59 * time.Minute)); ok || h.Failures != 0 {
		t.Errorf("429 asks for quiet, and shows life: %+v", h)
	}
	if ok, probe := h.Allow(at.Add(time.Hour)); !ok || probe {
		t.Error("the quiet should end with what was asked")
	}
	h = HostHealth{}.After(Result{Verdict: Retry, Status: 503, After: time.Hour}, at)
	if ok, _ := h.Allow(at.Add(time.Minute)); ok || h.Failures != 1 {
		t.Errorf("503 with Retry-After: %+v", h)
	}
}
