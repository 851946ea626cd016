package app

import (
	"context"
	"net"
	"time"
)

// dialOperator is the second dialer of law 5: it reaches what the operator named in the settings (the mail server), on whatever network that is, a private
// one included. Nothing an outsider says may reach it as an address; those go through fetch.Guard.
func dialOperator(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: 15 * time.Second}
	return d.DialContext(ctx, network, address)
}
