package remote

import (
	"context"
	"net/url"
	"strings"

	"essaim/federation/fetch"
	"essaim/federation/nodeinfo"
	"essaim/federation/webfinger"
	"essaim/internal/essaim"
)

// HandOver finds the page of somebody's own server on which they follow an actor of ours, or act on an object: what the person typed is a handle, an address or a
// server's name. A handle is asked for its activity intents (FEP-3b86), then for the subscribe template of OStatus; a server's name for what software it
// runs (NodeInfo), whose page is known. The address is checked, so that it leads to another server over https and to nothing else (S31, S44).
func (s *Service) HandOver(ctx context.Context, typed, uri string, actor bool) (string, error) {
	typed = strings.TrimSpace(typed)
	template := ""
	if handle, err := webfinger.ParseHandle(typed); err == nil {
		if err := s.Policy(ctx, handle.Host); err != nil {
			return "", mask(err, typed)
		}
		found, err := s.Webfinger.Lookup(ctx, handle.String())
		if err != nil {
			return "", mask(err, typed)
		}
		template = intent(found, actor)
		typed = handle.Host
	}
	if template == "" {
		host, err := fetch.NormalHost(hostTyped(typed))
		if err != nil {
			return "", &essaim.Error{Code: essaim.Invalid, Sentence: "this is not the name of a server", Err: err}
		}
		if err := s.Policy(ctx, host); err != nil {
			return "", mask(err, typed)
		}
		peer, err := nodeinfo.Discover(ctx, s.Client, host)
		if err != nil {
			return "", mask(err, typed)
		}
		template = s.Client.Origin(host) + interactPath(peer.Software)
	}
	to := strings.NewReplacer("{uri}", url.QueryEscape(uri), "{object}", url.QueryEscape(uri), "{on-success}", "", "{on-cancel}", "").Replace(template)
	if err := s.Client.Check(to); err != nil || s.Site.Owns(to) {
		return "", mask(refused("%s leads nowhere we may send anybody", to), typed)
	}
	return to, nil
}

// intent is the template by which a server takes somebody in to act: ours first where it knows them, else that of OStatus.
func intent(found *webfinger.Result, actor bool) string {
	jrd, rel := found.JRD(), webfinger.RelObject
	if actor {
		rel = webfinger.RelFollow
	}
	for _, r := range []string{rel, webfinger.RelObject} {
		if t := jrd.Template(r, "object"); t != "" {
			return t
		}
	}
	return found.SubscribeTemplate
}

// interactPath is where a software takes people in, as their own sources have it; Mastodon's is the one most others answer too.
func interactPath(software string) string {
	switch strings.ToLower(software) {
	case "essaim":
		return "/interagir?uri={uri}"
	case "pleroma", "akkoma":
		return "/ostatus_subscribe?acct={uri}"
	case "misskey", "sharkey", "firefish", "iceshrimp", "cherrypick":
		return "/authorize-follow?acct={uri}"
	case "mobilizon":
		return "/interact?uri={uri}"
	case "peertube":
		return "/remote-interaction?uri={uri}"
	}
	return "/authorize_interaction?uri={uri}"
}

// hostTyped is the server in an address or a bare name.
func hostTyped(typed string) string {
	if _, rest, ok := strings.Cut(typed, "://"); ok {
		typed = rest
	}
	typed, _, _ = strings.Cut(typed, "/")
	if i := strings.LastIndexByte(typed, '@'); i >= 0 {
		typed = typed[i+1:]
	}
	return typed
}
