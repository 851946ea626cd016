package app

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"essaim/federation/inbox"
	"essaim/federation/vocab"
	"essaim/federation/webfinger"
	"essaim/internal/config"
	"essaim/internal/fedi"
	"essaim/internal/httpx"
	"essaim/internal/store"
	"essaim/web"
)

// routes mounts the two surfaces on one router. Where an address serves both, what the request accepts decides: the same thing is a page for people
// and a document for servers.
func (a *App) routes(o Options) (http.Handler, error) {
	name := o.Name
	if name == "" {
		name = a.Site.Host
	}
	var territories []string
	if o.Accelerator != nil {
		territories = o.Accelerator.Territories
	}
	prepare := func(ctx context.Context, act *vocab.Activity, by *store.Account) error {
		return a.Remote.Prepare(ctx, act, by.ID)
	}
	servers := fedi.New(fedi.Options{
		DB: a.DB, Site: a.Site, Activity: a.Activity, Jobs: a.Jobs, Keys: a.Remote, Policy: a.Remote.Policy, Heard: a.Remote.Heard, Clock: o.Clock,
		Tokens: a.Auth.Bearer, Intents: map[string]string{webfinger.RelFollow: "/interagir?uri={object}", webfinger.RelObject: "/interagir?uri={object}"}, Ready: a.ready,
		Prepare: prepare,
		Version: Version(), Name: name, Description: o.Description, Territories: territories,
		Federation: string(a.Config.Federation), SecureFetch: a.Config.SecureFetch, Rates: rates(a.Config.Loopback), Logger: a.Logger,
	})
	body := ""
	if o.Accelerator != nil {
		body = o.Accelerator.Handle
	}
	pages, err := web.New(web.Options{DB: a.DB, Search: a.Search, Site: a.Site, Name: name, Description: o.Description, Clock: o.Clock,
		Activity: a.Activity, Auth: a.Auth, Archive: a.Archive, Notice: a.Notice, Media: a.Media, Prepare: prepare, Resolve: a.resolve, HandOver: a.Remote.HandOver, Theme: a.Config.Theme, Demonstration: o.Demonstration, National: a.Config.Role == config.RoleNational, Body: body, Territories: territories, Version: Version(), Logger: a.Logger})
	if err != nil {
		return nil, err
	}
	a.Pages = pages
	r := mux.NewRouter().UseEncodedPath()
	servers.Routes(r)
	r.Handle("/@{handle:[^/]+}", both(pages.Actor(), func(w http.ResponseWriter, r *http.Request) {
		servers.ServeActor(w, r, strings.ToLower(mux.Vars(r)["handle"]))
	}))
	object := both(pages.Object(), func(w http.ResponseWriter, r *http.Request) {
		servers.ServeObject(w, r, a.Site.Base+"/objects/"+mux.Vars(r)["id"])
	})
	r.Handle("/@{handle:[^/]+}/{id:[0-7][0-9a-zA-Z-]*}", object)
	r.Handle("/agenda/{id}", object)
	a.pictures(r)
	pages.Routes(r)
	forms := http.NewCrossOriginProtection() // forms of other origins are refused; servers send no Origin (LB34)
	for _, outbox := range []string{"/actor/outbox", "/actors/{handle}/outbox"} {
		forms.AddInsecureBypassPattern(outbox) // no cookie counts there, a bearer token does
	}
	return httpx.Wrap(a.apart(forms.Handler(r)), httpx.Options{Pictures: a.Site.Media, Proxies: httpx.Proxies(a.Config.TrustedProxies), HTTPS: a.Config.Secure(), Clock: o.Clock, Logger: a.Logger,
		Secret: []string{"/mot-de-passe/", "/confirmer/", "/invitation/"}}), nil
}

// resolve finds what a member looks for: an account by its handle, or whatever an address leads to.
func (a *App) resolve(ctx context.Context, ref string) (*store.Actor, *store.Object, error) {
	actor, err := a.Remote.Actor(ctx, ref)
	if err == nil || !strings.Contains(ref, "://") {
		return actor, nil, err
	}
	object, failed := a.Remote.Object(ctx, ref)
	if failed != nil {
		return nil, nil, failed
	}
	return nil, object, nil
}

// rates are the inbox's own (S38), but on loopback, where every peer has one address and tests are in a hurry: there none.
func rates(loopback bool) inbox.Rates {
	if !loopback {
		return inbox.Rates{}
	}
	never := inbox.Rate{PerSecond: -1}
	return inbox.Rates{Address: never, Host: never, Actor: never, Refused: never}
}

// both serves a page, or what servers ask for under the same address.
func both(page http.Handler, document http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if httpx.WantsActivity(r) {
			document(w, r)
			return
		}
		page.ServeHTTP(w, r)
	})
}

// ready tells whether the jobs are being worked off.
func (a *App) ready(context.Context) error {
	if !a.started.Load() {
		return errors.New("the jobs are not running")
	}
	return nil
}
