package fetch

import (
	"errors"
	"fmt"
	"net/netip"
)

// ErrAddress marks an address that no connection may be made to (S21). It is
// met at connect time, when a name resolved to somewhere private.
var ErrAddress = errors.New("this network address is not allowed")

// The table of S21. For IPv6 the reasoning is inverted: only the space that is
// handed out to networks may be reached, minus the special blocks inside it,
// so that a range invented tomorrow is refused from the first day.
var (
	refused4 = prefixes(
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
		"172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
		"192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	)
	global6  = netip.MustParsePrefix("2000::/3")
	refused6 = prefixes(
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48",
	)
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

func within(list []netip.Prefix, addr netip.Addr) bool {
	for _, p := range list {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// CheckAddr says whether a connection to addr is allowed (S21): nil, or an
// error wrapping ErrAddress. IPv4 written inside IPv6 (::ffff:a.b.c.d) is judged
// as IPv4; the older ::a.b.c.d and the NAT64 prefixes are always refused.
func (g Guard) CheckAddr(addr netip.Addr) error {
	addr = addr.Unmap()
	if !addr.IsValid() || addr.Zone() != "" {
		return fmt.Errorf("%w: %s", ErrAddress, addr)
	}
	if g.Loopback && addr.IsLoopback() {
		return nil
	}
	bad := within(refused4, addr)
	if addr.Is6() {
		bad = !global6.Contains(addr) || within(refused6, addr)
	}
	if bad {
		return fmt.Errorf("%w: %s", ErrAddress, addr)
	}
	return nil
}
