package auth

import (
	"context"
	"slices"
	"testing"
	"time"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// member makes an account with a password.
func (f *fixture) member(t *testing.T, handle, role string) *store.Account {
	t.Helper()
	account, _, err := f.CreateAccount(context.Background(), NewAccount{Handle: handle, Email: handle + "@innov.example", Role: role})
	if err != nil {
		t.Fatal(err)
	}
	return account
}

// TestActsFor: whom an account may speak for is what Apply lets it do.
func TestActsFor(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := context.Background()
		ines, karim, admin := f.member(t, "ines", ""), f.member(t, "karim", ""), f.member(t, "chef", "admin")
		body := &essaim.Profile{Kind: essaim.KindAccelerator, Handle: "fabrique", Name: "La Fabrique"}
		if _, err := f.Activity.Apply(ctx, activity.Create(f.Site.Instance(), body), activity.System()); err != nil {
			t.Fatal(err)
		}
		for _, handle := range []string{"bus", "cantine"} {
			f.now = f.now.Add(time.Second)
			project := &essaim.Project{Profile: essaim.Profile{Handle: handle, Name: handle}, Promise: "Pour tous.", Phase: "idea"}
			if _, err := f.Activity.Apply(ctx, activity.Create(f.Site.Actor("ines"), project), activity.Local(ines.ID)); err != nil {
				t.Fatal(err)
			}
		}
		for account, want := range map[*store.Account][]string{ines: {"ines", "bus", "cantine"}, karim: {"karim"}, admin: {"chef", "fabrique"}} {
			cards, err := store.ActsFor(ctx, f.DB.Read(), account)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range cards {
				got = append(got, c.Handle)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q may speak for %q, not %q", want[0], got, want)
			}
			for _, handle := range []string{"ines", "karim", "chef", "bus", "cantine", "fabrique"} {
				_, err := f.Activity.Apply(ctx, activity.Create(f.Site.Actor(handle), &essaim.Post{HTML: "<p>Bonjour</p>"}), activity.Local(account.ID))
				if (err == nil) != slices.Contains(want, handle) {
					t.Errorf("%s as %s: %v", want[0], handle, err)
				}
			}
		}
	})
}
