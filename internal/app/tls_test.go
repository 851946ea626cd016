package app

import (
	"crypto/tls"
	"net"
	"testing"

	"essaim/internal/config"
)

// A certificate is asked for the public name and for no other: whoever points a name at us cannot have us ask in his place.
func TestTLSAutoAnswersForItsOwnNameOnly(t *testing.T) {
	cfg, _, err := config.Load(func(string) string { return "" }, "", map[string]string{"ESSAIM_URL": "https://innov.example", "ESSAIM_TLS": "auto", "ESSAIM_DATA": t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	l := secured(plain, cfg)
	said := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err == nil {
			err = c.(*tls.Conn).Handshake()
			c.Close()
		}
		said <- err
	}()
	c, err := net.Dial("tcp", plain.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := tls.Client(c, &tls.Config{ServerName: "evil.example"}).Handshake(); err == nil {
		t.Error("a stranger's name got a certificate")
	}
	if err := <-said; err == nil {
		t.Error("the server went along")
	}
}
