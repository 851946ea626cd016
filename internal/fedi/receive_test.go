package fedi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"essaim/federation/inbox"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

func likeBy(actor string, n int, object string) []byte {
	return fmt.Appendf(nil, `{"@context":"https://www.w3.org/ns/activitystreams","id":"https://%s/likes/%d","type":"Like","actor":%q,"object":%q}`, essaim.HostOf(actor), n, actor, object)
}

// job is what an inbox left behind.
type job struct {
	kind, lane, serial string
	args               activity.ReceiveArgs
	body               []byte
}

func (w *world) received() []job {
	w.t.Helper()
	rows, err := w.DB.Read().Query(w.t.Context(), `select kind, lane, serial, args, body from jobs where kind = 'receive' order by id`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var out []job
	for rows.Next() {
		var j job
		var args string
		if err := rows.Scan(&j.kind, &j.lane, &j.serial, &args, &j.body); err != nil {
			w.t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(args), &j.args); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, j)
	}
	return out
}

// TestInbox: 202 is a job on the disk, on every inbox of the instance and both databases.
func TestInbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		w.meet(yann, 1)
		for i, path := range []string{"/inbox", "/actor/inbox", "/actors/ines/inbox"} {
			body := likeBy(yann, i, "https://innov.example/objects/1")
			if rec := w.serve(w.request(http.MethodPost, path, body, yann)); rec.Code != http.StatusAccepted {
				t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
			}
			all := w.received()
			if len(all) != i+1 {
				t.Fatalf("%d jobs", len(all))
			}
			j := all[i]
			want := activity.ReceiveArgs{Signer: yann, Type: "Like", ID: fmt.Sprintf("https://peer.example/likes/%d", i), Actor: yann, Object: "https://innov.example/objects/1"}
			if j.lane != "peer.example" || j.serial != yann || j.args != want || !bytes.Equal(j.body, body) {
				t.Errorf("job %+v", j)
			}
		}
		if len(w.heard) != 3 || w.heard[0] != yann+" rfc9421 true" {
			t.Errorf("heard %v", w.heard)
		}
		for path, status := range map[string]int{"/actors/nobody/inbox": 404, "/actors/relay/inbox": 404, "/inbox/x": 404} {
			if rec := w.serve(w.request(http.MethodPost, path, likeBy(yann, 9, "x"), yann)); rec.Code != status {
				t.Errorf("%s: %d", path, rec.Code)
			}
		}
		if rec := w.serve(w.request(http.MethodGet, "/inbox", nil, "")); rec.Code != http.StatusMethodNotAllowed {
			t.Errorf("GET /inbox: %d", rec.Code)
		}
		if rec := w.serve(w.request(http.MethodPost, "/inbox", likeBy(yann, 9, "x"), "")); rec.Code != http.StatusUnauthorized {
			t.Errorf("unsigned: %d", rec.Code)
		}
	})
}

// TestSec_S13: of what somebody forwards, the ids are kept and nothing else.
func TestSec_S13(t *testing.T) {
	w := newWorld(t, nil)
	w.meet(yann, 1)
	w.meet(zoe, 2)
	body := fmt.Appendf(nil, `{"id":"https://peer.example/activities/1","type":"Create","actor":%q,"object":{"id":"https://peer.example/objects/1","type":"Note","attributedTo":%[1]q,"content":"forged"}}`, yann)
	if rec := w.serve(w.request(http.MethodPost, "/inbox", body, zoe)); rec.Code != http.StatusAccepted {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	all := w.received()
	want := activity.ReceiveArgs{Signer: zoe, Forwarded: true, Type: "Create", ID: "https://peer.example/activities/1", Actor: yann, Object: "https://peer.example/objects/1"}
	if len(all) != 1 || all[0].args != want || all[0].body != nil || all[0].lane != "other.example" {
		t.Errorf("%+v", all)
	}
}

// TestFederationOff: nothing comes in, and NodeInfo says so.
func TestFederationOff(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Federation = Off })
	w.meet(yann, 1)
	if rec := w.serve(w.request(http.MethodPost, "/inbox", likeBy(yann, 1, "x"), yann)); rec.Code != http.StatusForbidden || w.asked != 0 {
		t.Errorf("%d, %d keys looked for", rec.Code, w.asked)
	}
	golden(t, "nodeinfo-off", w.get("/nodeinfo/2.1", "", http.StatusOK).Body.Bytes())
}

// BenchmarkReceive is one delivery up to its 202: signature, policy, a job on the disk in a commit shared with others.
func BenchmarkReceive(b *testing.B) {
	none := inbox.Rate{PerSecond: -1}
	w := newWorld(b, func(o *Options) {
		o.Rates = inbox.Rates{Address: none, Host: none, Actor: none, Refused: none}
		o.Heard = nil
	})
	w.meet(yann, 1)
	body := likeBy(yann, 1, "https://innov.example/objects/1")
	r := w.request(http.MethodPost, "/inbox", body, yann)
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			own := r.Clone(r.Context())
			own.Body = io.NopCloser(bytes.NewReader(body))
			if rec := w.serve(own); rec.Code != http.StatusAccepted {
				b.Error(rec.Code, rec.Body)
				return
			}
		}
	})
}
