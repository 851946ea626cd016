package auth

import (
	"context"
	"strings"
	"testing"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

func (f *fixture) mode(t *testing.T, mode string) {
	t.Helper()
	if err := f.DB.ChangeSettings(context.Background(), func(_ *store.Tx, s *store.Settings) error { s.SignUp = mode; return nil }); err != nil {
		t.Fatal(err)
	}
}

// TestRequests: what becomes of a request for an account when nobody can be written to, on both databases; web/join_test.go has the rest, with letters.
func TestRequests(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := context.Background()
		admin := f.member(t, "chef", "admin")
		f.mode(t, store.SignUpApproval)
		ask := func(handle, email, why, invitation string) error {
			return f.SignUp(ctx, Applicant{Handle: handle, Email: email, Password: ours, Why: why, Invitation: invitation})
		}
		for _, c := range []struct {
			handle, email, why, invitation string
			code                           essaim.Code
		}{
			{"ines", "ines@mail.example", "", "", essaim.Invalid}, {"chef", "autre@mail.example", "x", "", essaim.Conflict}, {"in es", "autre@mail.example", "x", "", essaim.Invalid},
			{"ines", "ines", "x", "", essaim.Invalid}, {"ines", "ines@mail.example", "", "forged", essaim.Gone}, {"ines", "ines@mail.example", strings.Repeat("x", maxWhy+1), "", essaim.Invalid},
			{"ines", "Ines@mail.example", "x", "", ""}, {"inès2", "ines@mail.example", "x", "", essaim.Invalid}, {"ines2", "ines@mail.example", "x", "", ""}, {"ines", "autre@mail.example", "x", "", essaim.Conflict},
			{"zoe", "chef@innov.example", "x", "", ""},
		} {
			if err := ask(c.handle, c.email, c.why, c.invitation); essaim.CodeOf(err) != c.code {
				t.Errorf("%+v: %v", c, err)
			}
		}
		list, err := store.PendingAccounts(ctx, f.DB.Read(), 0, 10)
		if err != nil || len(list) != 1 || list[0].Handle != "ines" || list[0].Email != "ines@mail.example" {
			t.Fatalf("%d wait, %v", len(list), err)
		}
		account, link, err := f.Approve(ctx, list[0].ID, "chef")
		if err != nil || account.Role != "member" || !strings.Contains(link, "/mot-de-passe/") {
			t.Fatalf("%+v %q %v", account, link, err)
		}
		if err := f.Refuse(ctx, list[0].ID, "chef", "trop tard"); essaim.CodeOf(err) != essaim.Gone {
			t.Errorf("%v", err)
		}
		if _, err := f.CheckPassword(ctx, "ines", ours); essaim.CodeOf(err) != essaim.Unauthorized {
			t.Errorf("the password of a request nobody confirmed: %v", err)
		}
		f.mode(t, store.SignUpInvitation)
		if err := ask("karim", "karim@mail.example", "x", ""); essaim.CodeOf(err) != essaim.Forbidden {
			t.Errorf("%v", err)
		}
		err = f.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
			return tx.InsertInvitation(ctx, &store.Invitation{Code: "abc", Account: admin.ID, Uses: 1, Created: f.now, Expires: f.now.Add(time.Hour)})
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := ask("karim", "karim@mail.example", "", "abc"); err != nil {
			t.Errorf("%v", err)
		}
		f.now = f.now.Add(2 * time.Hour)
		if err := ask("lea", "lea@mail.example", "", "abc"); essaim.CodeOf(err) != essaim.Gone {
			t.Errorf("%v", err)
		}
		f.now = f.now.Add(WaitingLife)
		if err := f.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if n, err := store.CountPendingAccounts(ctx, f.DB.Read()); err != nil || n != 0 {
			t.Errorf("%d wait for ever, %v", n, err)
		}
	})
}
