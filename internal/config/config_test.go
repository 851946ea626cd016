package config

import (
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func load(pairs ...string) (*Config, []Setting, error) {
	env := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		env["ESSAIM_"+pairs[i]] = pairs[i+1]
	}
	return Load(func(name string) string { return env[name] }, "", nil)
}

func TestDefaults(t *testing.T) {
	c, settings, err := load("URL", "https://Innov.BZH.example:443/")
	if err != nil {
		t.Fatal(err)
	}
	want := Config{URL: "https://innov.bzh.example", Listen: ":8080", Database: "sqlite:essaim.db", Data: "data", TLS: TLSOff, Federation: FederationOpen, Role: RoleAccelerator,
		LogFormat: LogText, LogLevel: slog.LevelInfo, HandleDomain: "innov.bzh.example", MailFrom: "noreply@innov.bzh.example", host: "innov.bzh.example"}
	if c.TrustedProxies != nil || c.SMTP != nil || c.Media != nil || !c.Secure() || c.Host() != "innov.bzh.example" {
		t.Errorf("got %+v", c)
	}
	if got := *c; got.URL != want.URL || got.Listen != want.Listen || got.Database != want.Database || got.Data != want.Data || got.TLS != want.TLS || got.Federation != want.Federation ||
		got.Role != want.Role || got.LogFormat != want.LogFormat || got.LogLevel != want.LogLevel || got.HandleDomain != want.HandleDomain || got.MailFrom != want.MailFrom || got.Loopback || got.SecureFetch {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if len(settings) != len(table) || settings[0].Origin != FromEnv || settings[1].Origin != FromDefault {
		t.Errorf("settings %+v", settings[:2])
	}
	for _, s := range settings {
		if s.Meaning == "" || !strings.HasSuffix(s.Meaning, ".") || !strings.HasPrefix(s.Name, prefix) {
			t.Errorf("%s: meaning %q", s.Name, s.Meaning)
		}
	}
}

func TestAllValues(t *testing.T) {
	c, settings, err := load("URL", "http://127.0.0.1:8081", "LOOPBACK", "1", "LISTEN", "127.0.0.1:8081", "DATABASE", "postgres://u:secret1@db/essaim?sslmode=x&password=secret2", "TRUSTED_PROXIES", "127.0.0.1, 10.1.2.3/8,::1",
		"FEDERATION", "Allowlist", "SMTP", "smtp://u:secret3@mail.example", "MEDIA", "s3://key:secret4@s3.example/bucket", "MEDIA_URL", "http://127.0.0.1:8082", "METRICS", "127.0.0.1:9090", "SECURE_FETCH", "yes",
		"HANDLE_DOMAIN", "BZH.example", "ROLE", "national", "OIDC_ISSUER", "https://id.example/r", "OIDC_CLIENT_ID", "essaim", "OIDC_CLIENT_SECRET", "secret5", "LOG_LEVEL", "debug", "LOG_FORMAT", "json", "MAIL_FROM", "Essaim <a@b.example>")
	if err != nil {
		t.Fatal(err)
	}
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for i, p := range proxies {
		if len(c.TrustedProxies) != len(proxies) || c.TrustedProxies[i] != p {
			t.Fatalf("proxies %v", c.TrustedProxies)
		}
	}
	if c.Host() != "127.0.0.1:8081" || c.Secure() || !c.Loopback || c.Federation != FederationAllowlist || c.SMTP.Host != "mail.example:587" || c.Media.Host != "s3.example" || c.HandleDomain != "bzh.example" ||
		c.Role != RoleNational || c.LogLevel != slog.LevelDebug || c.LogFormat != LogJSON || !c.SecureFetch || c.OIDC.ClientSecret != "secret5" || c.Metrics != "127.0.0.1:9090" || c.MediaURL != "http://127.0.0.1:8082" {
		t.Errorf("got %+v", c)
	}
	for _, s := range settings {
		if strings.Contains(s.Value, "secret") {
			t.Errorf("%s shows a secret: %s", s.Name, s.Value)
		}
	}
}

// S32: loopback is for loopback.
func TestSec_LoopbackRefusedInPublic(t *testing.T) {
	for _, public := range []string{"https://innov.bzh.example", "http://10.0.0.1", "https://128.0.0.1", "http://localhost.example", "http://[2001:db8::1]:80", "http://0.0.0.0"} {
		if _, _, err := load("URL", public, "LOOPBACK", "1"); err == nil || !strings.Contains(err.Error(), "ESSAIM_LOOPBACK") {
			t.Errorf("%s with ESSAIM_LOOPBACK: %v", public, err)
		}
	}
	for _, local := range []string{"http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]:8080", "http://localhost:3000", "https://localhost", "http://a.localhost:8080"} {
		if _, _, err := load("URL", local, "LOOPBACK", "1"); err != nil {
			t.Errorf("%s: %v", local, err)
		}
		if _, _, err := load("URL", local); err == nil && !strings.HasPrefix(local, "https") {
			t.Errorf("%s without ESSAIM_LOOPBACK is taken", local)
		}
	}
}

func TestRefused(t *testing.T) {
	const ok = "https://a.example"
	for _, c := range []struct {
		pairs []string
		words string // what the sentence must say
	}{
		{nil, "ESSAIM_URL=https://"},
		{[]string{"URL", "innov.bzh.example"}, "in full"},
		{[]string{"URL", "http://a.example"}, "write https://a.example"},
		{[]string{"URL", "https://a.example/essaim"}, "only https://a.example"},
		{[]string{"URL", "https://a.example?x"}, "only https://a.example"},
		{[]string{"URL", "https://a.example#"}, "only https://a.example"},
		{[]string{"URL", "https://u@a.example"}, "only https://a.example"},
		{[]string{"URL", "https://a_b.example"}, "host name"},
		{[]string{"URL", "https://évreux.example"}, "xn--"},
		{[]string{"URL", "https://a.example."}, "host name"},
		{[]string{"URL", "https://a.example:0"}, "port"},
		{[]string{"URL", "ftp://a.example"}, "in full"},
		{[]string{"URL", ok, "LISTEN", "8080"}, "host:port"},
		{[]string{"URL", ok, "LISTEN", ":http"}, "number"},
		{[]string{"URL", ok, "METRICS", "9090"}, "host:port"},
		{[]string{"URL", ok, "DATABASE", "mysql://x"}, "sqlite:FILE"},
		{[]string{"URL", ok, "DATABASE", "sqlite:"}, "sqlite:FILE"},
		{[]string{"URL", ok, "DATABASE", "postgres://db"}, "postgres://"},
		{[]string{"URL", ok, "TLS", "on"}, "off or auto"},
		{[]string{"URL", ok, "FEDERATION", "closed"}, "allowlist"},
		{[]string{"URL", ok, "ROLE", "region"}, "national"},
		{[]string{"URL", ok, "TRUSTED_PROXIES", "proxy.example"}, "10.0.0.0/8"},
		{[]string{"URL", ok, "SMTP", "mail.example:25"}, "smtp://"},
		{[]string{"URL", ok, "MEDIA", "s3://host"}, "bucket"},
		{[]string{"URL", ok, "MEDIA_URL", "https://a.example/"}, "of their own"},
		{[]string{"URL", ok, "MEDIA_URL", "http://media.example"}, "write https"},
		{[]string{"URL", ok, "MEDIA_URL", "https://media.example/x"}, "only https://media.example"},
		{[]string{"URL", ok, "SECURE_FETCH", "maybe"}, "true or false"},
		{[]string{"URL", ok, "HANDLE_DOMAIN", "https://bzh.example"}, "alone"},
		{[]string{"URL", ok, "HANDLE_DOMAIN", "a@bzh.example"}, "alone"},
		{[]string{"URL", ok, "LOG_LEVEL", "loud"}, "debug"},
		{[]string{"URL", ok, "LOG_FORMAT", "xml"}, "json"},
		{[]string{"URL", ok, "OIDC_CLIENT_ID", "x"}, "both or none"},
		{[]string{"URL", ok, "OIDC_ISSUER", "id.example"}, "in full"},
		{[]string{"URL", ok, "MAIL_FROM", "nobody"}, "noreply@"},
		{[]string{"URL", "https://localhost", "TLS", "auto"}, "off"},
	} {
		_, settings, err := load(c.pairs...)
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%q: %v, want a word on %q", c.pairs, err, c.words)
		}
		if err != nil && (strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "ESSAIM_")) {
			t.Errorf("%q: not one sentence: %v", c.pairs, err)
		}
		if len(settings) != len(table) {
			t.Errorf("%q: no settings beside the error", c.pairs)
		}
	}
	if _, _, err := load("URL", ok, "SMTP", "imap://u:hidden@h", "DATABASE", "my://u:hidden@h"); err == nil || strings.Contains(err.Error(), "hidden") || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two faults, no secret: %v", err)
	}
}

func TestLayers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "essaim.conf")
	write := func(s string) {
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("\ufeff# my instance\r\nESSAIM_URL = https://file.example\r\n\nexport ESSAIM_DATA=\"/srv/a b\"\nESSAIM_LISTEN=:1\nESSAIM_TLS=auto\n")
	env := map[string]string{"ESSAIM_LISTEN": ":2", "ESSAIM_TLS": "off"}
	c, settings, err := Load(func(n string) string { return env[n] }, path, map[string]string{"tls": "auto", "--secure-fetch": "1"})
	if err != nil {
		t.Fatal(err)
	}
	if c.URL != "https://file.example" || c.Data != "/srv/a b" || c.Listen != ":2" || c.TLS != TLSAuto || !c.SecureFetch {
		t.Errorf("got %+v", c)
	}
	for _, s := range settings {
		want := map[string]Origin{"ESSAIM_URL": FromFile, "ESSAIM_DATA": FromFile, "ESSAIM_LISTEN": FromEnv, "ESSAIM_TLS": FromFlag, "ESSAIM_SECURE_FETCH": FromFlag}[s.Name]
		if want == "" {
			want = FromDefault
		}
		if s.Origin != want {
			t.Errorf("%s comes from %s, want %s", s.Name, s.Origin, want)
		}
	}

	none := func(string) string { return "" }
	for content, words := range map[string]string{
		"ESSAIM_URL=https://a.example\nESSAIM_LISTNE=:1":               "line 2",
		"ESSAIM_URL https://a.example":                                 "NAME=value",
		"ESSAIM_URL=https://a.example\n\nESSAIM_URL=https://b.example": "line 3",
	} {
		write(content)
		if _, _, err := Load(none, path, nil); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v", content, err)
		}
	}
	if _, _, err := Load(none, path+".none", map[string]string{"url": "https://a.example"}); err == nil {
		t.Error("a settings file that does not exist is taken")
	}
	if _, _, err := Load(none, "", map[string]string{"url": "https://a.example", "color": "red"}); err == nil {
		t.Error("a flag that does not exist is taken")
	}
}

func TestExampleIsReadable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "essaim.conf")
	text := strings.ReplaceAll(Example(), "\n#ESSAIM_", "\nESSAIM_")
	text = strings.Replace(text, "ESSAIM_URL=", "ESSAIM_URL=https://a.example", 1)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, _, err := Load(func(string) string { return "" }, path, nil)
	if err != nil || c.Database != "sqlite:essaim.db" {
		t.Errorf("%v, %+v", err, c)
	}
}
