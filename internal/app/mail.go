package app

import (
	"context"

	"essaim/internal/config"
	"essaim/internal/mail"
)

// openMail prepares the outbox: the operator's mail server, else the screen when this is the demonstration, else nothing.
func (a *App) openMail(o Options) error {
	name := o.Name
	if name == "" {
		name = a.Site.Host
	}
	out := mail.Options{Jobs: a.Jobs, Instance: name, Name: func(ctx context.Context) string {
		set, err := a.DB.Settings(ctx)
		if err != nil {
			a.Logger.Error("the settings of the instance could not be read", "error", err)
			return ""
		}
		return set.Name
	}}
	switch {
	case o.Config.SMTP != nil:
		server, err := mailServer(o.Config)
		if err != nil {
			return err
		}
		out.Carrier = server
	case o.Demonstration && o.Letters != nil:
		out.Carrier = mail.NewConsole(o.Letters)
	}
	a.Mail = mail.New(out)
	return a.Mail.Register()
}

func mailServer(cfg *config.Config) (*mail.SMTP, error) {
	return mail.NewSMTP(mail.ServerOptions{URL: cfg.SMTP, From: cfg.MailFrom, Dial: dialOperator})
}

// examineMail goes as far as a letter would, and sends none.
func examineMail(ctx context.Context, cfg *config.Config) Finding {
	if cfg.SMTP == nil && cfg.Loopback {
		return Finding{"mail", "none is sent, which is well for development", ""}
	}
	if cfg.SMTP == nil {
		return Finding{"mail", "none can be sent: nobody can sign up, nor choose a new password", "set ESSAIM_SMTP to your mail server, such as smtp://user:password@host:587"}
	}
	server, err := mailServer(cfg)
	if err != nil {
		return Finding{"mail", err.Error(), "correct ESSAIM_SMTP or ESSAIM_MAIL_FROM"}
	}
	reached, err := server.Check(ctx)
	switch {
	case err == nil:
		return Finding{"mail", cfg.SMTP.Host + " is ready for letters from " + cfg.MailFrom, ""}
	case reached:
		return Finding{"mail", err.Error(), "check the user and password in ESSAIM_SMTP, and that the server offers STARTTLS (smtp://) or TLS from the first byte (smtps://)"}
	default:
		return Finding{"mail", err.Error(), "check the host and port in ESSAIM_SMTP, and that this machine may reach them"}
	}
}
