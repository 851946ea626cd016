// Package config reads the settings of an instance: from defaults, a commented
// file, ESSAIM_* variables and flags, the later winning over the earlier.
//
// It checks every value and says in one sentence
// what to do about a wrong one; it opens nothing but the settings file, and
// knows no other part of the program.
package config

import (
	"log/slog"
	"net/netip"
	"net/url"
)

// Config is the checked settings of one instance.
type Config struct {
	URL            string         // public origin, without a slash at the end; fixed for ever once federated
	Listen         string         // address of the web server
	Database       string         // sqlite:PATH or postgres://…
	Data           string         // folder of uploads and of secrets made at first start
	TLS            TLS            // who speaks TLS
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed (S38)
	Federation     Federation     // with whom the instance speaks
	SMTP           *url.URL       // smtp:// or smtps://, nil when no mail is sent
	MailFrom       string         // sender of mails
	Media          *url.URL       // s3://…, nil for files under Data
	Theme          string         // folder of the operator's own header, footer and colours, empty for none
	MediaURL       string         // origin of uploads (S42), empty for the instance's own
	Metrics        string         // listen address of /metrics, empty for none
	SecureFetch    bool           // GETs of ActivityPub documents must be signed
	HandleDomain   string         // what follows the second @ of handles; Host() unless set
	Loopback       bool           // http and loopback peers are allowed: development and tests
	Role           Role
	OIDC           OIDC
	LogLevel       slog.Level
	LogFormat      LogFormat

	host string
}

// OIDC is the identity provider people may sign in with; empty when Issuer is.
type OIDC struct{ Issuer, ClientID, ClientSecret string }

// TLS says who speaks TLS.
type TLS string

// The values of ESSAIM_TLS.
const (
	TLSOff  TLS = "off"  // a proxy in front
	TLSAuto TLS = "auto" // the server itself, with certificates it asks for
)

// Federation says with whom the instance speaks.
type Federation string

// The values of ESSAIM_FEDERATION.
const (
	FederationOpen      Federation = "open"      // everybody but those who are blocked
	FederationAllowlist Federation = "allowlist" // those who are listed
	FederationOff       Federation = "off"       // nobody
)

// Role is what the instance is for.
type Role string

// The values of ESSAIM_ROLE.
const (
	RoleAccelerator Role = "accelerator" // hosts the territories it declares and those inside them
	RoleNational    Role = "national"    // hosts all territories
)

// LogFormat is the form of log lines.
type LogFormat string

// The values of ESSAIM_LOG_FORMAT.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Host is the authority of the instance, in lower case, its port included unless
// it is that of the scheme: innov.bzh.example, 127.0.0.1:8081.
func (c *Config) Host() string { return c.host }

// Secure tells whether the public address is https: cookies are then Secure.
func (c *Config) Secure() bool { return len(c.URL) > 8 && c.URL[:8] == "https://" }
