package main

import (
	"fmt"

	"essaim/internal/auth"
)

type accountCmd struct {
	Create accountCreateCmd `cmd:"" help:"Make an account and print the one-time link by which its password is chosen."`
}

type accountCreateCmd struct {
	Handle   string `required:"" help:"Lower-case letters, digits, underscore; 30 at most; for ever."`
	Email    string `required:"" help:"E-mail address of the person."`
	Name     string `help:"Name shown; the handle when left out."`
	Role     string `help:"admin, moderator, publisher or member." default:"member"`
	Language string `help:"fr or en." default:"fr"`
}

// Run makes the account.
func (c accountCreateCmd) Run(w *world) error {
	a, err := w.open()
	if err != nil {
		return err
	}
	defer a.Close()
	_, secret, err := a.Auth.CreateAccount(w.ctx, auth.NewAccount{Handle: c.Handle, Name: c.Name, Email: c.Email, Role: c.Role, Language: c.Language})
	if err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%s/mot-de-passe/%s\n", a.Site.Base, secret)
	return nil
}
