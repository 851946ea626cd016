package main

import "fmt"

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make a bearer token and print it, once."`
}

type tokenCreateCmd struct {
	Handle string `required:"" help:"Whose token."`
	Scope  string `help:"read, write, follow, separated by commas." default:"read,write,follow"`
}

// Run makes the token.
func (c tokenCreateCmd) Run(w *world) error {
	a, err := w.open()
	if err != nil {
		return err
	}
	defer a.Close()
	token, err := a.Auth.IssueToken(w.ctx, c.Handle, c.Scope)
	if err != nil {
		return err
	}
	fmt.Fprintln(w.out, token)
	return nil
}
