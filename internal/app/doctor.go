package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"essaim/federation/fetch"
	"essaim/internal/config"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Finding is one thing the doctor looked at. Advice is empty when it is well.
type Finding struct{ What, Found, Advice string }

// Examine looks at everything that keeps an instance from working, and says what to do about it.
func Examine(ctx context.Context, cfg *config.Config) []Finding {
	out := []Finding{{"settings", "the settings are consistent for " + cfg.URL, ""}}
	out = append(out, examineDatabase(ctx, cfg)...)
	out = append(out, examineData(cfg))
	out = append(out, examineAddress(ctx, cfg)...)
	return append(out, examineMail(ctx, cfg), examineServer(ctx, cfg))
}

func examineDatabase(ctx context.Context, cfg *config.Config) []Finding {
	if path, ok := sqliteFile(cfg); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return []Finding{{"database", "there is none at " + path, "run, as the user of the server: essaim migrate"}}
		}
	}
	db, err := store.Open(ctx, cfg.Database, store.Options{})
	if err != nil {
		return []Finding{{"database", err.Error(), "check ESSAIM_DATABASE, and that this user may read and write it"}}
	}
	defer db.Close()
	if err := upToDate(ctx, db); err != nil {
		return []Finding{{"database", err.Error(), "run: essaim migrate"}}
	}
	out := []Finding{{"database", db.Dialect().String() + ", up to date", ""}}
	if first, err := store.Meta(ctx, db.Read(), "url"); err == nil && first != "" && first != strings.TrimSuffix(cfg.URL, "/") {
		out = append(out, Finding{"address", "the database belongs to " + first, "set ESSAIM_URL back to " + first})
	}
	wrong, total, err := misfiled(ctx, db)
	switch {
	case err != nil:
		out = append(out, Finding{"documents", err.Error(), "look at the logs, and restore a backup if the file is damaged"})
	case wrong > 0:
		out = append(out, Finding{"documents", fmt.Sprintf("%d of the %d newest documents do not agree with their columns", wrong, total), "report it: content was changed outside the program"})
	default:
		out = append(out, Finding{"documents", fmt.Sprintf("the %d newest agree with their columns", total), ""})
	}
	return out
}

// examineData tries to write where pictures go.
func examineData(cfg *config.Config) Finding {
	advice := "make the folder of ESSAIM_DATA writable for the user of the server: pictures and secrets are kept there"
	if _, err := os.Stat(cfg.Data); errors.Is(err, fs.ErrNotExist) { // looking changes nothing: the server makes it
		return Finding{"data folder", "there is none at " + cfg.Data, "run, as the user of the server: essaim migrate"}
	}
	f, err := os.CreateTemp(cfg.Data, ".doctor-*")
	if err == nil {
		_, err = f.WriteString("x")
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		return Finding{"data folder", err.Error(), advice}
	}
	return Finding{"data folder", cfg.Data + " is writable", ""}
}

// misfiled compares the newest documents with the columns extracted from them.
func misfiled(ctx context.Context, db *store.DB) (wrong, total int, err error) {
	for _, kind := range []string{essaim.KindPost, essaim.KindEvent} {
		objects, err := store.Latest(ctx, db.Read(), kind, store.Page{Limit: 200})
		if err != nil {
			return 0, 0, err
		}
		for _, o := range objects {
			total++
			doc, err := o.Document()
			if err != nil {
				wrong++
				continue
			}
			thing := essaim.Decode(doc)
			if thing == nil || doc.ID() != o.IRI || !thing.Columns().Starts.Equal(o.Starts) && o.Kind == essaim.KindEvent {
				wrong++
			}
		}
	}
	return wrong, total, nil
}

func examineAddress(ctx context.Context, cfg *config.Config) []Finding {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return []Finding{{"address", err.Error(), "set ESSAIM_URL to something like https://innov.example"}}
	}
	if cfg.Loopback {
		return []Finding{{"address", "loopback, for development: no other server can reach this one", ""}}
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return []Finding{{"dns", err.Error(), "make the name " + u.Hostname() + " point to this machine"}}
	}
	for _, a := range addrs {
		if err := (fetch.Guard{}).CheckAddr(a); err != nil {
			return []Finding{{"dns", u.Hostname() + " is " + a.String(), "other servers refuse private addresses: give the name a public one"}}
		}
	}
	return []Finding{{"dns", u.Hostname() + " resolves", ""}}
}

// examineServer asks the running server for its health and its clock.
func examineServer(ctx context.Context, cfg *config.Config) Finding {
	date, err := health(ctx, cfg)
	if err != nil {
		return Finding{"server", "nothing answers on " + cfg.Listen, "start it with: essaim serve"}
	}
	if off := time.Since(date).Abs(); off > time.Minute {
		return Finding{"clock", fmt.Sprintf("the server's clock is %s off", off.Round(time.Second)), "synchronise the clock: signatures older than an hour are refused"}
	}
	return Finding{"server", "answers on " + cfg.Listen, ""}
}

// Health asks /healthz of the server on the listen address.
func Health(ctx context.Context, cfg *config.Config) error {
	_, err := health(ctx, cfg)
	return err
}

func health(ctx context.Context, cfg *config.Config) (time.Time, error) {
	// The server asked is the operator's own. Behind a proxy it is asked on the listen address, where the guarded dialer lets only loopback through;
	// when it speaks TLS itself, only its public name has a certificate.
	guard, address := fetch.Guard{Loopback: true}, ""
	if cfg.TLS == config.TLSAuto {
		guard, address = fetch.Guard{}, cfg.URL+"/healthz"
	} else {
		host, port, err := net.SplitHostPort(cfg.Listen)
		if err != nil {
			return time.Time{}, fmt.Errorf("ESSAIM_LISTEN must be host:port: %w", err)
		}
		if host == "" || host == "0.0.0.0" || host == "::" {
			host = "127.0.0.1"
		}
		address = "http://" + net.JoinHostPort(host, port) + "/healthz"
	}
	client := fetch.New(fetch.Options{Guard: guard, Timeout: 5 * time.Second, UserAgent: "essaim-health"})
	doc, err := client.Get(ctx, address, []string{"text/plain", "application/json"}, 1<<10)
	if err != nil {
		return time.Time{}, fmt.Errorf("the server does not answer on %s: %w", cfg.Listen, err)
	}
	date, err := http.ParseTime(doc.Header.Get("Date"))
	return date, err
}

// Migrate brings the database up to date.
func Migrate(ctx context.Context, cfg *config.Config) error {
	db, err := openStore(ctx, cfg, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

// MigrationStatus lists the migrations.
func MigrationStatus(ctx context.Context, cfg *config.Config) ([]store.Migration, error) {
	db, err := openStore(ctx, cfg, store.Options{})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return db.MigrationStatus(ctx)
}
