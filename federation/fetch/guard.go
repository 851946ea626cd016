package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ErrURL marks an address that the rules of S22 refuse as it is written.
var ErrURL = errors.New("this address is not allowed")

// Guard decides where connections may go. The zero value is the strict one.
type Guard struct {
	// Loopback also allows http and any port on 127.0.0.1 and localhost, for
	// development and tests (ESSAIM_LOOPBACK). Everything else stays as strict.
	Loopback bool
	// Resolver replaces the resolver of the system when not nil.
	Resolver *net.Resolver
	// Proxy names the proxy of a request; nil, the default, means that the
	// environment is not consulted either (LB4). Only an operator sets it.
	Proxy func(*http.Request) (*url.URL, error)
}

// Names that never lead to a public server, whatever a resolver answers.
var refusedSuffixes = []string{".local", ".internal", ".onion", ".localhost", ".arpa"}

// CheckURL says whether a request to u is allowed as it is written (S22): https,
// port 443, no user information, a name with a dot that is not an IP address
// and not a private suffix. The error wraps ErrURL.
func (g Guard) CheckURL(u *url.URL) error {
	if u == nil {
		return fmt.Errorf("%w: none given", ErrURL)
	}
	if u.Opaque != "" || u.User != nil || u.Host == "" {
		return fmt.Errorf("%w: %q is not a plain web address", ErrURL, u.Redacted())
	}
	host, err := NormalHost(u.Host)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrURL, err)
	}
	web := u.Scheme == "https" || u.Scheme == "http"
	if g.Loopback && web && loopbackHost(host) {
		return nil
	}
	if u.Scheme != "https" {
		return fmt.Errorf("%w: %q is not https", ErrURL, u.Redacted())
	}
	if strings.Contains(host, ":") {
		return fmt.Errorf("%w: %q names a port or an IPv6 address", ErrURL, host)
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return fmt.Errorf("%w: %q is an IP address", ErrURL, host)
	}
	if !strings.Contains(host, ".") {
		return fmt.Errorf("%w: %q has no dot", ErrURL, host)
	}
	for _, suffix := range refusedSuffixes {
		if strings.HasSuffix(host, suffix) {
			return fmt.Errorf("%w: %q is a private name", ErrURL, host)
		}
	}
	return nil
}

// Origin is the scheme and authority under which a host is asked for its
// well-known documents: https, or http for a loopback peer in loopback mode.
func (g Guard) Origin(host string) string {
	if g.Loopback && loopbackHost(host) {
		return "http://" + host
	}
	return "https://" + host
}

func loopbackHost(host string) bool {
	name, _, _ := strings.Cut(host, ":")
	return name == "127.0.0.1" || name == "localhost"
}

const connectTimeout = 5 * time.Second

// Transport makes the guarded transport (S20, LB4). Make one per process and
// share it: connections and TLS sessions are pooled in it. The pool is sized for
// a fan-out to a thousand hosts on a small machine: few idle connections, kept
// for a short time, and TLS sessions remembered, which is what saves processor
// time on the next contact.
func (g Guard) Transport() *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(!g.Loopback)
	dialer := &net.Dialer{
		Timeout:        connectTimeout,
		KeepAlive:      30 * time.Second,
		Resolver:       g.Resolver,
		ControlContext: g.control,
	}
	t := &http.Transport{
		DialContext:            dialer.DialContext,
		Protocols:              protocols,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(2048)},
		TLSHandshakeTimeout:    connectTimeout,
		MaxIdleConns:           1024,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		// The client unpacks gzip itself, to count what comes out (S25).
		DisableCompression: true,
	}
	if g.Proxy != nil {
		g.throughProxy(t)
	}
	return t
}

// control runs between name resolution and connect(2), for each address tried.
func (g Guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !strings.HasPrefix(network, "tcp") {
		return fmt.Errorf("%w: %s %s", ErrAddress, network, address)
	}
	if err := g.CheckAddr(to.Addr()); err != nil {
		return err
	}
	if to.Port() != 443 && !(g.Loopback && to.Addr().Unmap().IsLoopback()) {
		return fmt.Errorf("%w: port %d", ErrAddress, to.Port())
	}
	return nil
}

// throughProxy sends requests through the operator's proxy. The proxy connects
// in our place, so the address check at connect time cannot see the destination:
// the name is resolved and checked here first, which stops plain cases; a proxy
// that must withstand rebinding has to refuse private addresses by itself.
func (g Guard) throughProxy(t *http.Transport) {
	var proxies sync.Map // authorities of proxies: the operator's choice, so dialed freely
	direct, free := t.DialContext, &net.Dialer{Timeout: connectTimeout, Resolver: g.Resolver}
	t.Proxy = func(req *http.Request) (*url.URL, error) {
		proxy, err := g.Proxy(req)
		if proxy == nil || err != nil {
			return nil, err
		}
		resolver := g.Resolver
		if resolver == nil {
			resolver = net.DefaultResolver
		}
		addrs, err := resolver.LookupNetIP(req.Context(), "ip", req.URL.Hostname())
		if err != nil {
			return nil, err
		}
		for _, addr := range addrs {
			if err := g.CheckAddr(addr); err != nil {
				return nil, err
			}
		}
		proxies.Store(proxyAuthority(proxy), true)
		return proxy, nil
	}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if _, ok := proxies.Load(address); ok {
			return free.DialContext(ctx, network, address)
		}
		return direct(ctx, network, address)
	}
}

func proxyAuthority(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
