package auth

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

type fixture struct {
	*Service
	now time.Time
}

func each(t *testing.T, fn func(t *testing.T, f *fixture)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := &fixture{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
		clock := func() time.Time { return f.now }
		site, err := essaim.NewSite("https://innov.example")
		if err != nil {
			t.Fatal(err)
		}
		act := activity.New(activity.Options{DB: db, Jobs: jobs.NewQueue(db, jobs.Options{Clock: clock}), Site: site, Clock: clock,
			Random: func() uint64 {
				var b [8]byte
				_, _ = rand.Read(b[:])
				return binary.LittleEndian.Uint64(b[:])
			},
			Keys: func() (activity.Keys, error) {
				return activity.Keys{RSAPrivate: "r", RSAPublic: "R", Ed25519Private: "e", Ed25519Public: "E"}, nil
			}})
		if err := act.FoundInstance(context.Background(), "Innov", ""); err != nil {
			t.Fatal(err)
		}
		f.Service = New(Options{DB: db, Activity: act, Site: site, Clock: clock, Random: rand.Reader})
		fn(t, f)
	})
}

const ours = "une phrase facile à retenir"

func TestALinkChoosesAPasswordOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := context.Background()
		account, secret, err := f.CreateAccount(ctx, NewAccount{Handle: "Ines", Email: "Ines@innov.example"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.CheckPassword(ctx, "ines", ""); essaim.CodeOf(err) != essaim.Unauthorized {
			t.Errorf("an account without a password lets in: %v", err)
		}
		if _, err := f.ChoosePassword(ctx, secret, "court"); essaim.CodeOf(err) != essaim.Invalid {
			t.Errorf("a short password: %v", err)
		}
		if _, err := f.ChoosePassword(ctx, secret, ours); err != nil {
			t.Fatalf("the link was spent by a refused password: %v", err)
		}
		if _, err := f.ChoosePassword(ctx, secret, ours+" bis"); essaim.CodeOf(err) != essaim.Gone {
			t.Errorf("the link works twice: %v", err)
		}
		got, err := f.CheckPassword(ctx, "@ines", ours)
		if err != nil || got.ID != account.ID {
			t.Errorf("the right password: %v", err)
		}
		for _, wrong := range [][2]string{{"ines", ours + "!"}, {"ines", ""}, {"personne", ours}} {
			if _, err := f.CheckPassword(ctx, wrong[0], wrong[1]); essaim.CodeOf(err) != essaim.Unauthorized {
				t.Errorf("%v lets in: %v", wrong, err)
			}
		}
		stored, err := store.AccountByID(ctx, f.DB.Read(), account.ID)
		if err != nil || !strings.HasPrefix(stored.Password, "$argon2id$") || strings.Contains(stored.Password, "phrase") {
			t.Errorf("what is kept: %q, %v", stored.Password, err)
		}
	})
}

func TestALinkExpires(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		_, secret, err := f.CreateAccount(context.Background(), NewAccount{Handle: "ines", Email: "ines@innov.example"})
		if err != nil {
			t.Fatal(err)
		}
		f.now = f.now.Add(linkLife + time.Second)
		if _, err := f.ChoosePassword(context.Background(), secret, ours); essaim.CodeOf(err) != essaim.Gone {
			t.Errorf("an old link works: %v", err)
		}
	})
}

func TestABearerTokenIsKnownByItsHashAndHasAScope(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := context.Background()
		account, secret, err := f.CreateAccount(ctx, NewAccount{Handle: "ines", Email: "ines@innov.example"})
		if err != nil {
			t.Fatal(err)
		}
		token, err := f.IssueToken(ctx, "ines", "follow read")
		if err != nil {
			t.Fatal(err)
		}
		got, scope, err := f.Bearer(ctx, token)
		if err != nil || got.ID != account.ID || scope != "read follow" {
			t.Errorf("%v %q %v", got, scope, err)
		}
		for _, no := range []string{"", token + "x", hashOf(token), secret, strings.Repeat("a", 300)} {
			if _, _, err := f.Bearer(ctx, no); essaim.CodeOf(err) != essaim.Unauthorized {
				t.Errorf("%q lets in: %v", no, err)
			}
		}
	})
}
