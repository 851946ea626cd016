package remote_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"essaim/federation/fetch"
	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/remote"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// everybody is a network where each inbox takes what it gets, at no cost worth measuring.
type everybody struct{}

func (everybody) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		io.Copy(io.Discard, r.Body)
	}
	return &http.Response{StatusCode: http.StatusAccepted, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// busyInstance is an instance in real time on a network that takes everything.
func busyInstance(b *testing.B) *instance {
	b.Helper()
	w := newWorld(b)
	i := w.instance("innov.example", storetest.SQLite(b))
	i.queue = jobs.NewQueue(i.db, jobs.Options{})
	i.act = activity.New(activity.Options{DB: i.db, Jobs: i.queue, Site: i.site, Clock: time.Now, Random: i.act.Random, Keys: testKeys})
	i.Service = remote.New(remote.Options{DB: i.db, Jobs: i.queue, Activity: i.act, Site: i.site, Client: fetch.New(fetch.Options{Transport: everybody{}})})
	if err := i.Register(i.queue); err != nil {
		b.Fatal(err)
	}
	return i
}

// know applies what reading an actor of another server would.
func (i *instance) know(b *testing.B, w *world, host string) string {
	b.Helper()
	p := &stranger{w: w, host: host, base: "https://" + host}
	d, err := vocab.Parse([]byte(text(p.actorDoc("bob"))))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := i.act.Apply(context.Background(), &vocab.Activity{Type: vocab.Update, Actor: d.ID(), Object: vocab.Item{ID: d.ID(), Doc: d}}, activity.Fetched(host)); err != nil {
		b.Fatal(err)
	}
	return d.ID()
}

func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// drain runs the queue until a kind has no job left.
func (i *instance) drain(b *testing.B, kind string) {
	b.Helper()
	ctx := context.Background()
	if err := i.queue.Start(ctx); err != nil {
		b.Fatal(err)
	}
	for {
		left, err := i.queue.Backlog(ctx, kind, 1)
		if err != nil {
			b.Fatal(err)
		}
		if left == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err := i.queue.Stop(ctx); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkFanOut delivers one post to a thousand hosts and compares the processor time with that of the bare signatures (design §10: at most
// 1.15 with RSA). The network costs nothing here: connections and TLS are not in it.
func BenchmarkFanOut(b *testing.B) {
	for name, family := range map[string]store.SignatureFamily{"rsa": store.FamilyCavage, "ed25519": store.FamilyRFC9421Ed25519} {
		b.Run(name, func(b *testing.B) { fanOut(b, family) })
	}
}

func fanOut(b *testing.B, family store.SignatureFamily) {
	const hosts = 1000
	i := busyInstance(b)
	ctx := context.Background()
	alice := i.person("alice")
	for n := range hosts {
		host := numbered("h", n) + ".example"
		bob := i.know(b, i.w, host)
		follow := &vocab.Activity{ID: bob + "/follow", Type: vocab.Follow, Actor: bob, Object: vocab.Item{ID: alice}}
		if _, err := i.act.Apply(ctx, follow, activity.Remote(bob)); err != nil {
			b.Fatal(err)
		}
		err := i.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `delete from jobs`); err != nil {
				return err
			}
			return tx.UpdateHost(ctx, host, time.Now(), func(h *store.Host) { h.LastOK, h.Family = time.Now(), family })
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	var spent time.Duration
	for b.Loop() {
		b.StopTimer()
		i.queue = jobs.NewQueue(i.db, jobs.Options{})
		if err := i.Register(i.queue); err != nil {
			b.Fatal(err)
		}
		i.post(alice, strings.Repeat("<p>text</p>", 50))
		before := cpu(b)
		b.StartTimer()
		i.drain(b, activity.JobDeliver)
		spent += cpu(b) - before
	}
	b.StopTimer()
	each := float64(spent) / float64(b.N*hosts)
	b.ReportMetric(each/1e6, "cpu-ms/delivery")
	b.ReportMetric(each/bareSignature(b), "x-bare-rsa")
}

// bareSignature is the processor time of one RSA signature, in nanoseconds, on the machine and at the moment of the benchmark.
func bareSignature(b *testing.B) float64 {
	const n = 500
	sum := sha256.Sum256([]byte("x"))
	before := cpu(b)
	for range n {
		if _, err := rsa.SignPKCS1v15(nil, testRSA(), crypto.SHA256, sum[:]); err != nil {
			b.Fatal(err)
		}
	}
	return float64(cpu(b)-before) / n
}

// BenchmarkReceive stores notes of one followed author that wait as jobs: what an inbox leaves behind.
func BenchmarkReceive(b *testing.B) {
	const authors = 20
	i := busyInstance(b)
	ctx := context.Background()
	alice := i.person("alice")
	var bobs []string
	for n := range authors {
		bob := i.know(b, i.w, numbered("h", n)+".example")
		i.apply(&vocab.Activity{Type: vocab.Follow, Actor: alice, Object: vocab.Item{ID: bob}})
		bobs = append(bobs, bob)
	}
	if err := i.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error { _, err := tx.Exec(ctx, `delete from jobs`); return err }); err != nil {
		b.Fatal(err)
	}
	const batch = 2000
	rounds := 0
	var spent time.Duration
	b.ResetTimer()
	for b.Loop() {
		b.StopTimer()
		i.queue = jobs.NewQueue(i.db, jobs.Options{})
		if err := i.Register(i.queue); err != nil {
			b.Fatal(err)
		}
		err := i.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			for n := range batch {
				bob := bobs[n%authors]
				p := &stranger{w: i.w, host: essaim.HostOf(bob), base: "https://" + essaim.HostOf(bob)}
				name := numbered("", rounds*batch+n)
				body := text(p.activity("Create", name, bob, doc{"id": p.base + "/notes/" + name, "type": "Note", "attributedTo": bob, "content": "<p>Bonjour à tous</p>",
					"published": time.Now().Format(time.RFC3339), "to": []any{vocab.Public}, "cc": []any{bob + "/followers"}}))
				err := i.queue.Insert(ctx, tx, jobs.New{Kind: activity.JobReceive, Lane: p.host, Serial: bob, Body: []byte(body),
					Args: activity.ReceiveArgs{Signer: bob, Type: "Create", ID: p.base + "/activities/" + name, Actor: bob, Object: p.base + "/notes/" + name}})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		rounds++
		before := cpu(b)
		b.StartTimer()
		i.drain(b, activity.JobReceive)
		spent += cpu(b) - before
	}
	b.StopTimer()
	b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "notes/s")
	b.ReportMetric(float64(spent)/1e6/float64(batch*b.N), "cpu-ms/note")
}
