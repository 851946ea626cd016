package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
)

func oneOf[T ~string](field func(*Config) *T, values ...T) func(*Config, string) error {
	return func(c *Config, v string) error {
		for _, allowed := range values {
			if strings.EqualFold(v, string(allowed)) {
				*field(c) = allowed
				return nil
			}
		}
		words := make([]string, len(values))
		for i, allowed := range values {
			words[i] = string(allowed)
		}
		return fmt.Errorf("%q is not a value; write %s", v, strings.Join(words, " or "))
	}
}

func text(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		*field(c) = v
		return nil
	}
}

func boolean(field func(*Config) *bool) func(*Config, string) error {
	return func(c *Config, v string) error {
		switch strings.ToLower(v) {
		case "1", "true", "yes", "on":
			*field(c) = true
		case "0", "false", "no", "off", "":
			*field(c) = false
		default:
			return fmt.Errorf("%q is not a value; write true or false", v)
		}
		return nil
	}
}

func address(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		_, port, err := net.SplitHostPort(v)
		if err != nil {
			return fmt.Errorf("%q is not an address to listen on; write host:port, or :port for all of them", v)
		}
		if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
			return fmt.Errorf("%q is not a port; write a number up to 65535", port)
		}
		*field(c) = v
		return nil
	}
}

// origin reads scheme://host[:port], and returns it with its authority, in
// lower case and without the port of the scheme.
func origin(v string) (string, string, error) {
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", "", fmt.Errorf("%q is not an address; write it in full, such as https://innov.bzh.example", v)
	}
	if u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(v, "#") {
		return "", "", fmt.Errorf("%q holds more than a host; write only %s://%s", v, u.Scheme, u.Host)
	}
	host := strings.ToLower(u.Hostname())
	if err := checkHost(host); err != nil {
		return "", "", err
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return "", "", fmt.Errorf("%q is not a port; write a number from 1 to 65535", port)
		}
		host += ":" + port
	}
	return u.Scheme + "://" + host, host, nil
}

// checkHost refuses what other servers would read in another way (S32).
func checkHost(host string) error {
	if _, err := netip.ParseAddr(host); err == nil && !strings.Contains(host, "%") {
		return nil
	}
	for _, label := range strings.Split(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return fmt.Errorf("%q is not a host name; use letters without accents, digits, hyphens and dots (an accented name in its xn-- form)", host)
		}
	}
	return nil
}

func setURL(c *Config, v string) error {
	if v == "" {
		return errors.New("the public address is missing; set it, such as ESSAIM_URL=https://innov.bzh.example")
	}
	var err error
	c.URL, c.host, err = origin(v)
	return err
}

func setMediaURL(c *Config, v string) error {
	if v == "" {
		return nil
	}
	var err error
	c.MediaURL, _, err = origin(v)
	return err
}

func setTheme(c *Config, v string) error {
	if info, err := os.Stat(v); v != "" && (err != nil || !info.IsDir()) {
		return fmt.Errorf("%q is not a folder; make it, or leave the setting empty", v)
	}
	c.Theme = v
	return nil
}

func setIssuer(c *Config, v string) error {
	if v == "" {
		return nil
	}
	if u, err := url.Parse(v); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%q is not an address; write the issuer in full, such as https://id.example/realm", v)
	}
	c.OIDC.Issuer = v
	return nil
}

func setDatabase(c *Config, v string) error {
	path, isSQLite := strings.CutPrefix(v, "sqlite:")
	switch u, err := url.Parse(v); {
	case isSQLite && path != "":
	case err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") && len(u.Path) > 1:
	default:
		return fmt.Errorf("%q is not a database; write sqlite:FILE or postgres://user:password@host/database", maskURL(v))
	}
	c.Database = v
	return nil
}

func setData(c *Config, v string) error {
	if v == "" {
		return errors.New("a folder is needed; write its path")
	}
	c.Data = v
	return nil
}

func setProxies(c *Config, v string) error {
	for word := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(word)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(word); err == nil {
				p = netip.PrefixFrom(a.Unmap().WithZone(""), a.Unmap().BitLen())
			}
		}
		if err != nil {
			return fmt.Errorf("%q is not an IP address or network; write 127.0.0.1 or 10.0.0.0/8", word)
		}
		c.TrustedProxies = append(c.TrustedProxies, p.Masked())
	}
	return nil
}

func setHandleDomain(c *Config, v string) error {
	if v == "" {
		return nil
	}
	_, host, err := origin("https://" + v)
	if err != nil || strings.ContainsAny(v, "/@#?") {
		return fmt.Errorf("%q is not a domain; write it alone, such as bzh.example", v)
	}
	c.HandleDomain = host
	return nil
}

func setSMTP(c *Config, v string) error {
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return fmt.Errorf("%q is not a mail server; write smtp://user:password@host:587 or smtps://user:password@host:465", maskURL(v))
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), map[string]string{"smtp": "587", "smtps": "465"}[u.Scheme])
	}
	c.SMTP = u
	return nil
}

func setMailFrom(c *Config, v string) error {
	if v == "" {
		return nil
	}
	if _, err := mail.ParseAddress(v); err != nil {
		return fmt.Errorf("%q is not a sender; write noreply@bzh.example or Name <noreply@bzh.example>", v)
	}
	c.MailFrom = v
	return nil
}

func setMedia(c *Config, v string) error {
	if v == "file" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "s3" || u.Host == "" || strings.Trim(u.Path, "/") == "" {
		return fmt.Errorf("%q is no place for uploads; write file or s3://key:secret@host/bucket", maskURL(v))
	}
	c.Media = u
	return nil
}

func setMetrics(c *Config, v string) error {
	if v == "" {
		return nil
	}
	return address(func(c *Config) *string { return &c.Metrics })(c, v)
}

func setLogLevel(c *Config, v string) error {
	if err := c.LogLevel.UnmarshalText([]byte(v)); err != nil {
		return fmt.Errorf("%q is not a level; write debug, info, warn or error", v)
	}
	return nil
}

// check holds the rules between settings, and fills what follows from others.
func (c *Config) check() []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	local := onLoopback(c.host)
	if c.Loopback && !local {
		fault("ESSAIM_LOOPBACK: %s is not on loopback, where alone this is allowed; unset it, or set ESSAIM_URL to http://127.0.0.1:8080", c.URL)
	}
	if !c.Secure() && !c.Loopback {
		if local {
			fault("ESSAIM_URL: http is for development; set ESSAIM_LOOPBACK=1 as well, or write https")
		} else {
			fault("ESSAIM_URL: other servers need https; write https://%s", c.host)
		}
	}
	if c.MediaURL == c.URL {
		fault("ESSAIM_MEDIA_URL: uploads need an origin of their own; write another host name of this server, or leave it empty")
	}
	if strings.HasPrefix(c.MediaURL, "http://") && !c.Loopback {
		fault("ESSAIM_MEDIA_URL: browsers refuse http pictures in an https page; write https")
	}
	if (c.OIDC.Issuer == "") != (c.OIDC.ClientID == "") {
		fault("ESSAIM_OIDC_ISSUER: the issuer and ESSAIM_OIDC_CLIENT_ID go together; set both or none")
	}
	if c.TLS == TLSAuto && (!c.Secure() || local) {
		fault("ESSAIM_TLS: certificates are given to public https addresses only; write off")
	}
	if c.HandleDomain == "" {
		c.HandleDomain = c.host
	}
	if c.MailFrom == "" {
		name := c.host
		if h, _, err := net.SplitHostPort(name); err == nil {
			name = h
		}
		c.MailFrom = "noreply@" + name
	}
	return faults
}

// onLoopback: 127.0.0.0/8, ::1 and localhost, with or without a port.
func onLoopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// maskURL hides the password of an address, and the whole of what is not one
// but holds an @.
func maskURL(v string) string {
	u, err := url.Parse(v)
	if err != nil || u.User == nil {
		if strings.Contains(v, "@") || err != nil {
			return maskAll(v)
		}
		return v
	}
	if _, ok := u.User.Password(); !ok {
		return v
	}
	before, _, _ := strings.Cut(v, "//")
	return before + "//" + url.User(u.User.Username()).String() + ":***@" + u.Host + u.EscapedPath() + maskQuery(u)
}

// maskQuery: a query may hold a password (PostgreSQL), so its values are hidden.
func maskQuery(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	return "?***"
}

func maskAll(v string) string {
	if v == "" {
		return ""
	}
	return "***"
}
