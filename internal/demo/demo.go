// Package demo runs the demonstration: two accelerators and a national instance in one process, on loopback ports, with sample data. They are
// whole instances: they find each other, follow, sign and deliver over real HTTP, as strangers would.
//
// It refuses to listen anywhere but on loopback and to keep anything: its databases are in a temporary folder that goes with it.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"essaim/internal/app"
	"essaim/internal/auth"
	"essaim/internal/config"
	"essaim/internal/store"
)

// Options of Run.
type Options struct {
	FirstPort int       // the instances listen there and on the two ports above; 0 takes any that are free
	Out       io.Writer // the console
	Logger    *slog.Logger
	SMTP      string         // where letters go (ESSAIM_SMTP), for tests; the console when empty
	Now       time.Time      // the day the sample data counts from; the zero time is now
	Settled   func()         // called once everything has federated; for tests
	Opened    func(*app.App) // told of each instance, in order, before it serves; for tests
}

// instance is one running place of the world.
type instance struct {
	place
	app   *app.App
	url   string
	links []login
}

type login struct{ handle, name, role, token string }

// password is that of everybody in the demonstration.
const password = "demonstration essaim"

// Run starts the instances, seeds them, lets them federate, says what happened, and stays until ctx ends.
func Run(ctx context.Context, o Options) (err error) {
	dir, err := os.MkdirTemp("", "essaim-demo-")
	if err != nil {
		return fmt.Errorf("demo: a folder for the databases: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	o.Out = &screen{out: o.Out}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all []*instance
	stopped := make(chan error, len(world))
	serving := 0
	defer func() {
		cancel()
		for range serving {
			err = errors.Join(err, <-stopped)
		}
	}()
	for i, p := range world {
		port := o.FirstPort
		if port != 0 {
			port += i
		}
		in, listener, err := open(ctx, p, filepath.Join(dir, p.slug), port, o)
		if err != nil {
			return err
		}
		fmt.Fprintf(o.Out, "%-34s %s\n", p.name, in.url)
		all = append(all, in)
		if o.Opened != nil {
			o.Opened(in.app)
		}
		serving++
		go func() { stopped <- in.app.Serve(ctx, listener) }()
	}
	fmt.Fprintln(o.Out, "\nLes données arrivent… / Sample data is on its way…")
	if err := populate(ctx, all, o.Now); err != nil {
		return err
	}
	if err := report(ctx, o.Out, all); err != nil {
		return err
	}
	if o.Settled != nil {
		o.Settled()
	}
	fmt.Fprintln(o.Out, "\nCtrl-C pour arrêter / to stop.")
	<-ctx.Done()
	return nil
}

func open(ctx context.Context, p place, dir string, port int, o Options) (*instance, net.Listener, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("demo: %w", err)
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, nil, fmt.Errorf("demo: port %d is taken; choose others with --port: %w", port, err)
	}
	url := "http://" + listener.Addr().String()
	cfg, _, err := config.Load(func(string) string { return "" }, "", map[string]string{
		"ESSAIM_URL": url, "ESSAIM_LISTEN": listener.Addr().String(), "ESSAIM_DATABASE": "sqlite:" + filepath.Join(dir, "essaim.db"),
		"ESSAIM_DATA": dir, "ESSAIM_LOOPBACK": "1", "ESSAIM_ROLE": p.role, "ESSAIM_SMTP": o.SMTP,
	})
	if err != nil {
		return nil, nil, errors.Join(err, listener.Close())
	}
	a, err := app.New(ctx, app.Options{Config: cfg, Logger: o.Logger.With("instance", p.slug), Name: p.name, Description: p.description, Demonstration: true, Letters: o.Out,
		Accelerator: p.accelerator.profile("")})
	if err != nil {
		return nil, nil, errors.Join(err, listener.Close())
	}
	in := &instance{place: p, app: a, url: url}
	for _, who := range p.people {
		if err := in.admit(ctx, who); err != nil {
			return nil, nil, errors.Join(err, listener.Close())
		}
	}
	return in, listener, nil
}

func (in *instance) admit(ctx context.Context, who person) error {
	role := who.role
	if role == "" {
		role = "member"
	}
	_, secret, err := in.app.Auth.CreateAccount(ctx, auth.NewAccount{Handle: who.handle, Name: who.name, Email: who.handle + "@" + in.slug + ".example", Role: role})
	if err != nil {
		return err
	}
	if _, err = in.app.Auth.ChoosePassword(ctx, secret, password); err != nil {
		return err
	}
	token, err := in.app.Auth.IssueToken(ctx, who.handle, "")
	in.links = append(in.links, login{who.handle, who.name, role, token})
	return err
}

// report says where to look, who can sign in, and what each instance knows of the others.
func report(ctx context.Context, out io.Writer, all []*instance) error {
	fmt.Fprintf(out, "\nMot de passe de tout le monde / everybody's password: %s\n", password)
	for _, in := range all {
		fmt.Fprintf(out, "\n%s\n  %s\n", in.name, in.url)
		for _, l := range in.links {
			fmt.Fprintf(out, "  %-14s %-24s %-10s jeton / token %s\n", "@"+l.handle, l.name, l.role, l.token)
		}
		c, err := store.Census(ctx, in.app.DB.Read())
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  ici / here: %d acteurs, %d publications · d'ailleurs / from elsewhere: %d acteurs, %d publications · suivis / follows: %d\n",
			c.LocalActors, c.LocalObjects, c.RemoteActors, c.RemoteObjects, c.Follows)
	}
	return nil
}
