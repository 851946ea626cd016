package app

import (
	"crypto/tls"
	"net"
	"net/url"
	"path/filepath"

	"golang.org/x/crypto/acme/autocert"

	"essaim/internal/config"
)

// secured has the server speak TLS itself when the settings ask for it (ESSAIM_TLS=auto): certificates for the public name, and that of the uploads, are asked for over
// the TLS port (RFC 8737), kept under the data folder and renewed. The authority that gives them is the operator's choice, not an outsider's, so it
// is not reached through the guarded dialer (law 5).
func secured(l net.Listener, cfg *config.Config) net.Listener {
	if cfg.TLS != config.TLSAuto {
		return l
	}
	name := cfg.Host()
	if u, err := url.Parse(cfg.URL); err == nil {
		name = u.Hostname()
	}
	names := []string{name}
	if u, err := url.Parse(cfg.MediaURL); err == nil && u.Hostname() != "" {
		names = append(names, u.Hostname())
	}
	m := &autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(names...), Cache: autocert.DirCache(filepath.Join(cfg.Data, "certificates"))}
	c := m.TLSConfig()
	c.MinVersion = tls.VersionTLS12
	return tls.NewListener(l, c)
}
