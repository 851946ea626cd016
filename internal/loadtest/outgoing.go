package loadtest

import (
	"context"
	"fmt"
	"time"

	"essaim/internal/activity"
)

// follower is who follows, at every host.
const follower = "reader"

// follows signs a Follow by one actor of every host.
func (r *run) follows(by Signing) ([]Letter, error) {
	var letters []Letter
	for _, h := range r.peer.Hosts {
		l, err := h.Follow(follower, r.server.Inbox(), r.member.Actor, by)
		if err != nil {
			return nil, err
		}
		letters = append(letters, l)
	}
	return letters, nil
}

// firstContact has every host, all strangers, follow one actor; it ends when every one has its Accept.
func (r *run) firstContact(ctx context.Context) error {
	letters, err := r.follows(CavageRSA)
	if err != nil {
		return err
	}
	before := r.peer.Requests()
	c, err := r.spent(ctx, func(ctx context.Context) error {
		if err := r.send(ctx, letters); err != nil {
			return err
		}
		return r.accepted(ctx, 1)
	}, activity.JobReceive, activity.JobDeliver)
	if err != nil {
		return err
	}
	n := len(letters)
	r.table.add("first contact, outgoing requests for a Follow", fmt.Sprintf("%.2f", float64(r.peer.Requests()-before)/float64(n)), "≤ 3", "1 actor, 1 Accept")
	r.table.add("first contact, follows", fmt.Sprintf("%s, CPU %s each", perSecond(n, c.wall), millis(c.cpu/time.Duration(n))), "≥ 150/s",
		fmt.Sprintf("2 RSA signatures and 1 verification: %s", millis(2*r.bare.SignRSA+r.bare.VerifyRSA)))
	return nil
}

// accepted waits until every host was sent so many Accepts.
func (r *run) accepted(ctx context.Context, each int) error {
	return Until(ctx, func(context.Context) (bool, error) {
		for _, h := range r.peer.Hosts {
			n := 0
			for _, a := range h.Arrivals() {
				if a.Type == "Accept" {
					n++
				}
			}
			if n < each {
				return false, nil
			}
		}
		return true, nil
	})
}

// posts is how many times a fan-out is repeated.
const posts = 3

// fanOut measures posts to all hosts.
func (r *run) fanOut(ctx context.Context) (c cost, quickest time.Duration, err error) {
	c, err = r.spent(ctx, func(ctx context.Context) error {
		for i := range posts {
			took, err := r.publishTo(ctx, fmt.Sprintf("fan-out %d", i), r.peer.Hosts)
			if err != nil {
				return err
			}
			if quickest == 0 || took < quickest {
				quickest = took
			}
		}
		return nil
	}, activity.JobDeliver)
	return c, quickest, err
}

// lastArrival is when the last of some hosts had received an activity.
func (r *run) lastArrival(id string, hosts []*Host) (last time.Time) {
	for _, h := range hosts {
		if a, ok := h.Arrived(id); ok && a.First.After(last) {
			last = a.First
		}
	}
	return last
}

func (r *run) fanOutRSA(ctx context.Context) error {
	c, quickest, err := r.fanOut(ctx)
	if err != nil {
		return err
	}
	r.quick = quickest
	n := posts * len(r.peer.Hosts)
	one := c.cpu / time.Duration(n)
	r.table.add(fmt.Sprintf("fan-out to %d hosts, CPU of a delivery", len(r.peer.Hosts)),
		fmt.Sprintf("%s = %.2f × bare; %s", millis(one), float64(one)/float64(r.bare.SignRSA), perSecond(n, c.wall)),
		"≤ 1.15 × bare", "RSA signature: "+millis(r.bare.SignRSA))
	return nil
}

// slowHosts measures how long those wait that are not slow, as often as without slow ones, and compares the quickest of each: whatever else the machine
// does only adds to both.
func (r *run) slowHosts(ctx context.Context) error {
	slow := max(int(r.Slow*float64(len(r.peer.Hosts))), 1)
	var late, quick []*Host
	for i, h := range r.peer.Hosts {
		if i%(len(r.peer.Hosts)/slow) == 0 && len(late) < slow {
			late = append(late, h)
		} else {
			quick = append(quick, h)
		}
	}
	for _, h := range late {
		h.SetDelay(r.SlowBy)
		defer h.SetDelay(0)
	}
	var quickest time.Duration
	for i := range posts {
		took, err := r.publishTo(ctx, fmt.Sprintf("some are slow %d", i), quick)
		if err != nil {
			return err
		}
		if quickest == 0 || took < quickest {
			quickest = took
		}
		if err := r.settled(ctx, activity.JobDeliver); err != nil {
			return err
		}
	}
	r.table.add(fmt.Sprintf("%d of %d hosts answer after %s: the others", slow, len(r.peer.Hosts), r.SlowBy),
		fmt.Sprintf("%s = %.2f × without them", millis(quickest), float64(quickest)/float64(r.quick)), "≤ 1.2 ×", "without slow hosts: "+millis(r.quick))
	return nil
}

// publishTo posts once and tells how long it took until the last of some hosts had it.
func (r *run) publishTo(ctx context.Context, words string, hosts []*Host) (time.Duration, error) {
	began := time.Now()
	id, err := r.member.Say(ctx, words)
	if err != nil {
		return 0, err
	}
	err = Until(ctx, func(context.Context) (bool, error) {
		for _, h := range hosts {
			if _, ok := h.Arrived(id); !ok {
				return false, nil
			}
		}
		return true, nil
	})
	return r.lastArrival(id, hosts).Sub(began), err
}

// fanOutEd25519 has the hosts show that they sign as another Essaim does, and measures what deliveries to them cost then.
func (r *run) fanOutEd25519(ctx context.Context) error {
	letters, err := r.follows(RFC9421Ed25519)
	if err != nil {
		return err
	}
	if err := r.send(ctx, letters); err != nil {
		return err
	}
	if err := r.accepted(ctx, 2); err != nil {
		return err
	}
	if err := r.settled(ctx, activity.JobReceive, activity.JobDeliver); err != nil {
		return err
	}
	c, _, err := r.fanOut(ctx)
	if err != nil {
		return err
	}
	n := posts * len(r.peer.Hosts)
	r.table.add("fan-out by RFC 9421 and Ed25519, CPU of a delivery", fmt.Sprintf("%s; %s", millis(c.cpu/time.Duration(n)), perSecond(n, c.wall)),
		"≤ 0.25 ms", "Ed25519 signature: "+millis(r.bare.SignEd25519))
	return nil
}
