package media

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// S33: a host that is blocked shows nothing more here, what was kept of it included; its pictures are back when it is allowed again.
func TestSec_S33_NoPicturesOfABlockedHost(t *testing.T) {
	w, e := newDistantWorld(t)
	address := w.DistantAddress(away, essaim.Small)
	if resp := w.view(address); resp.StatusCode != http.StatusOK {
		t.Fatalf("the first view: %d", resp.StatusCode)
	}
	blocked := "ailleurs.example"
	w.proxy.Allowed = func(_ context.Context, host string) error {
		if host == blocked {
			return errors.New("blocked")
		}
		return nil
	}
	if resp := w.view(address); resp.StatusCode != http.StatusNotFound || resp.ContentLength != 0 {
		t.Errorf("a picture of a blocked host: %d", resp.StatusCode)
	}
	blocked = "other.example"
	if resp := w.view(address); resp.StatusCode != http.StatusOK || e.asked.Load() != 1 {
		t.Errorf("allowed again: %d, asked %d times", resp.StatusCode, e.asked.Load())
	}
}

// What another server deleted leaves no copy behind.
func TestCopiesGoByTheJob(t *testing.T) {
	w, e := newDistantWorld(t)
	address := w.DistantAddress(away, essaim.Large)
	w.view(address)
	err := w.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error {
		return w.Jobs.Insert(context.Background(), tx, jobs.New{Kind: activity.JobPictures, Args: activity.PicturesArgs{Distant: []string{essaim.DistantStem(away)}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.settle()
	if n := sizeOf(t, string(w.proxy.Folder)); n != 0 {
		t.Errorf("%d bytes are left", n)
	}
	delete(e.pictures, away)
	if resp := w.view(address); resp.StatusCode != http.StatusNotFound {
		t.Errorf("what was deleted: %d", resp.StatusCode)
	}
}

// A picture over which we fail is refused like any other: nobody waits for it for ever, and its place is free again.
func TestAFailureOfOursHoldsNobody(t *testing.T) {
	w, _ := newDistantWorld(t)
	w.proxy.Fetch = func(context.Context, string) ([]byte, error) { panic("a fault of ours") }
	for range atOnce + 1 {
		if resp := w.view(w.DistantAddress(away, essaim.Small)); resp.StatusCode != http.StatusNotFound {
			t.Fatalf("%d", resp.StatusCode)
		}
		w.now = w.now.Add(refuseFor + time.Second)
	}
	if len(w.proxy.flights) != 0 || len(w.proxy.fetches) != 0 {
		t.Errorf("%d under way, %d places taken", len(w.proxy.flights), len(w.proxy.fetches))
	}
}
