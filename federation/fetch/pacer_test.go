package fetch

import (
	"fmt"
	"testing"
	"time"
)

func TestSec_S39(t *testing.T) {
	for _, n := range []int{1, 2, 8, 10} {
		now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		p := NewPacer(n, func() time.Time { return now })
		var admitted []time.Time
		for i := range 3000 { // a flood by wildcard DNS, ten a second
			host := fmt.Sprintf("x%d.flood.example", i)
			if p.Admit(host) == 0 {
				admitted = append(admitted, now)
				if p.Admit(host) != 0 {
					t.Errorf("n=%d: a host already met is counted again", n)
				}
			}
			now = now.Add(100 * time.Millisecond)
		}
		for i := range admitted {
			inMinute := 0
			for _, at := range admitted[i:] {
				if at.Sub(admitted[i]) < time.Minute {
					inMinute++
				}
			}
			if inMinute > n {
				t.Fatalf("n=%d: %d hosts in one minute", n, inMinute)
			}
		}
		if len(admitted) < max(n/2, 1)*5 {
			t.Errorf("n=%d: only %d hosts in five minutes", n, len(admitted))
		}
		for i := 0; i < 100 && p.Admit(fmt.Sprintf("y%d.flood.example", i)) == 0; i++ {
		}
		wait := p.Admit("more.flood.example")
		now = now.Add(wait - time.Microsecond)
		early := p.Admit("more.flood.example")
		now = now.Add(time.Microsecond)
		if early == 0 || p.Admit("more.flood.example") != 0 {
			t.Errorf("n=%d: the wait of %v is not to be trusted", n, wait)
		}
		if p.Admit("quiet.example") != 0 {
			t.Errorf("n=%d: another domain suffers", n)
		}
	}
}

func TestPacerForgets(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	p := NewPacer(8, func() time.Time { return now })
	for i := range pacerDomains + 500 {
		p.Admit(fmt.Sprintf("d%d.example", i))
	}
	if len(p.domains) != pacerDomains || p.recent.Len() != pacerDomains {
		t.Errorf("%d domains kept", len(p.domains))
	}
	now = now.Add(pacerTTL)
	p.Admit("new.example")
	if len(p.domains) != 1 {
		t.Errorf("%d domains kept after the time to live", len(p.domains))
	}
}

func TestRegistrable(t *testing.T) {
	for host, want := range map[string]string{
		"a.b.example": "b.example", "b.example": "b.example", "x.y.co.uk": "y.co.uk", "a.github.io": "a.github.io",
		"a.b.example:8443": "b.example", "127.0.0.1:8080": "127.0.0.1:8080", "[::1]:80": "[::1]:80", "localhost:1": "localhost:1", "uk": "uk",
	} {
		if got := Registrable(host); got != want {
			t.Errorf("Registrable(%q) = %q, want %q", host, got, want)
		}
	}
}
