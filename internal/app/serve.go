package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Serve answers on the listener and works off the jobs until ctx ends; then it stops listening, lets requests and jobs finish, and closes.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	if err := a.Start(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	server := &http.Server{
		Handler: a.Handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(secured(l, a.Config)) }()
	a.Logger.Info("serving", "url", a.Site.Base, "listen", l.Addr().String(), "database", a.DB.Dialect().String(), "version", Version())
	if !a.Mail.CanSend() {
		a.Logger.Warn("no mail can be sent: nobody can confirm an address or choose a new password; set ESSAIM_SMTP")
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		a.Logger.Info("stopping: no new requests, finishing what is under way")
		limit, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		defer cancel()
		err = server.Shutdown(limit)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, a.Close())
}
