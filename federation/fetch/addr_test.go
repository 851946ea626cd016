package fetch

import (
	"errors"
	"net/netip"
	"testing"
)

// addresses is the table of S21: true means that a connection is allowed.
var addresses = map[string]bool{
	// public ones, and the last address before or the first after a block
	"1.1.1.1": true, "8.8.8.8": true, "9.255.255.255": true, "11.0.0.0": true,
	"93.184.216.34": true, "100.63.255.255": true, "100.128.0.0": true, "126.255.255.255": true,
	"128.0.0.0": true, "169.253.255.255": true, "169.255.0.0": true, "172.15.255.255": true,
	"172.32.0.0": true, "192.0.1.0": true, "192.0.3.0": true, "192.167.255.255": true,
	"192.169.0.0": true, "198.17.255.255": true, "198.20.0.0": true, "223.255.255.255": true,
	"2001:200::1": true, "2a00:1450:4007::200e": true, "2606:4700::1111": true, "2003::1": true,
	"3ffe::1": true, "3fff:1000::1": true, "2620:4f:8001::1": true, "::ffff:8.8.8.8": true,
	// IPv4 blocks, first and last address
	"0.0.0.0": false, "0.255.255.255": false, "10.0.0.0": false, "10.255.255.255": false,
	"100.64.0.0": false, "100.127.255.255": false, "127.0.0.1": false, "127.255.255.255": false,
	"169.254.0.0": false, "169.254.169.254": false, "172.16.0.0": false, "172.31.255.255": false,
	"192.0.0.1": false, "192.0.0.255": false, "192.0.2.1": false, "192.31.196.1": false,
	"192.52.193.1": false, "192.88.99.1": false, "192.168.0.1": false, "192.168.255.255": false,
	"192.175.48.1": false, "198.18.0.0": false, "198.19.255.255": false, "198.51.100.9": false,
	"203.0.113.9": false, "224.0.0.1": false, "239.255.255.255": false, "240.0.0.1": false,
	"255.255.255.255": false,
	// IPv6
	"::": false, "::1": false, "::2": false, "::127.0.0.1": false, "::8.8.8.8": false,
	"::ffff:127.0.0.1": false, "::ffff:7f00:1": false, "::ffff:10.0.0.1": false, "::ffff:a9fe:a9fe": false,
	"64:ff9b::7f00:1": false, "64:ff9b::808:808": false, "64:ff9b:1::1": false, "100::1": false,
	"2001::1": false, "2001:1ff::1": false, "2001:0:4136:e378::": false, "2001:db8::1": false,
	"2002:7f00:1::": false, "2002:808:808::1": false, "3fff::1": false, "3fff:fff::1": false,
	"2620:4f:8000::1": false, "4000::1": false, "5f00::1": false, "fc00::1": false, "fd12:3456::1": false,
	"fe80::1": false, "fe80::1%eth0": false, "2a00::1%eth0": false, "fec0::1": false, "ff02::1": false,
}

func TestSec_S21(t *testing.T) {
	if len(addresses) < 60 {
		t.Fatalf("only %d addresses in the table", len(addresses))
	}
	for text, allowed := range addresses {
		addr := netip.MustParseAddr(text)
		err := Guard{}.CheckAddr(addr)
		if (err == nil) != allowed {
			t.Errorf("%s: allowed %v, want %v (%v)", text, err == nil, allowed, err)
		}
		if err != nil && !errors.Is(err, ErrAddress) {
			t.Errorf("%s: %v does not wrap ErrAddress", text, err)
		}
		if loop := addr.Unmap().IsLoopback(); loop != ((Guard{Loopback: true}).CheckAddr(addr) == nil) && !allowed {
			t.Errorf("%s: the loopback setting opens more or less than loopback", text)
		}
	}
	if (Guard{}).CheckAddr(netip.Addr{}) == nil {
		t.Error("the zero address is allowed")
	}
}
