package httpx

import (
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the addresses whose word about the client is believed (S38).
type Proxies []netip.Prefix

func (p Proxies) trusts(addr netip.Addr) bool {
	for _, network := range p {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

// Client is the address a request comes from: that of the connection or, as long as trusted proxies follow each other
// from there, the last one in X-Forwarded-For that is not one of them. Invalid when the server did not say.
func (p Proxies) Client(r *http.Request) netip.Addr {
	socket, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := socket.Addr().Unmap()
	if !p.trusts(addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return addr
		}
		if addr = hop.Unmap().WithZone(""); !p.trusts(addr) {
			return addr
		}
	}
	return addr
}
