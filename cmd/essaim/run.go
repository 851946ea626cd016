package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/alecthomas/kong"

	"essaim/internal/app"
	"essaim/internal/config"
)

// cli is every command with its arguments. Settings may also be given as flags: --set URL=https://innov.example.
type cli struct {
	ConfigFile string   `name:"config" help:"File of settings, ESSAIM_NAME=value by line." type:"path" placeholder:"FILE"`
	Set        []string `help:"A setting, over the environment and the file: --set ESSAIM_URL=https://innov.example." placeholder:"NAME=VALUE" sep:"none"`

	Demo     demoCmd     `cmd:"" help:"Run three federated instances with sample data, on loopback."`
	Serve    serveCmd    `cmd:"" help:"Run this instance: web, federation and jobs."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database up to date, or show where it stands."`
	Account  accountCmd  `cmd:"" help:"Accounts of people."`
	Token    tokenCmd    `cmd:"" help:"Bearer tokens of the client APIs."`
	Follow   followCmd   `cmd:"" help:"Follow an actor or a whole instance, as this instance."`
	Backfill backfillCmd `cmd:"" help:"Read what an actor or an instance has published, and follow it."`
	Reindex  reindexCmd  `cmd:"" help:"Make columns, terms and the search index again from the documents."`
	Doctor   doctorCmd   `cmd:"" help:"Check settings, database, address, clock; say what to do."`
	Health   healthCmd   `cmd:"" help:"Ask the running server whether it is well; for containers."`
	Config   configCmd   `cmd:"" help:"Print every setting, its value, origin and meaning."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// world is what commands are given beside their arguments.
type world struct {
	ctx      context.Context
	out, err io.Writer
	getenv   func(string) string
	file     string
	set      map[string]string
}

// run is main with everything passed in. It returns the exit code: 0, 1 for what failed, 2 for what was not understood.
func run(ctx context.Context, args []string, getenv func(string) string, out, errOut io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c, kong.Name("essaim"), kong.Description("A federated network for public innovation. https://w3id.org/essaim"),
		kong.Writers(out, errOut), kong.Exit(func(code int) { exit = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(errOut, "essaim:", err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // --help printed itself
		return exit
	}
	if err != nil {
		fmt.Fprintln(errOut, "essaim:", err)
		return 2
	}
	w := &world{ctx: ctx, out: out, err: errOut, getenv: getenv, file: c.ConfigFile, set: map[string]string{}}
	for _, s := range c.Set {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			fmt.Fprintf(errOut, "essaim: --set takes NAME=VALUE, not %q\n", s)
			return 2
		}
		w.set[name] = value
	}
	if err := parsed.Run(w); err != nil {
		fmt.Fprintln(errOut, "essaim:", oneLine(err.Error()))
		return 1
	}
	return 0
}

// oneLine makes one line of an error that has several: joined errors, and what pgx says of each address it tried.
func oneLine(s string) string {
	return strings.NewReplacer("\n\t", " ", "\n", "; ").Replace(strings.TrimSpace(s))
}

// config loads the settings.
func (w *world) config() (*config.Config, []config.Setting, error) {
	return config.Load(w.getenv, w.file, w.set)
}

// open loads the settings and opens the instance they describe, without serving it.
func (w *world) open() (*app.App, error) { return w.openWith(false) }

func (w *world) openWith(noMigrate bool) (*app.App, error) {
	cfg, _, err := w.config()
	if err != nil {
		return nil, err
	}
	return app.New(w.ctx, app.Options{Config: cfg, Logger: w.logger(cfg), NoMigrate: noMigrate})
}

// logger writes text for people or JSON for machines, as the settings say.
func (w *world) logger(cfg *config.Config) *slog.Logger {
	return app.NewLogger(w.err, cfg.LogFormat, cfg.LogLevel)
}
