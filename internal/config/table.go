package config

// definition is one setting: its default, what it means, how it is read and, for
// those that hold a secret, how it is shown.
type definition struct {
	name, value, meaning string
	set                  func(c *Config, value string) error
	mask                 func(string) string
}

// table lists every setting, in the order in which they are shown.
var table = []definition{
	{"ESSAIM_URL", "", "Public address, such as https://innov.bzh.example; fixed for ever once federated.", setURL, nil},
	{"ESSAIM_ROLE", "accelerator", "accelerator, or national for the instance that hosts all territories.", oneOf(func(c *Config) *Role { return &c.Role }, RoleAccelerator, RoleNational), nil},
	{"ESSAIM_LISTEN", ":8080", "Address and port the web server listens on.", address(func(c *Config) *string { return &c.Listen }), nil},
	{"ESSAIM_DATABASE", "sqlite:essaim.db", "sqlite:FILE, or postgres://user:password@host/database.", setDatabase, maskURL},
	{"ESSAIM_DATA", "data", "Folder of uploads and of secrets made at first start.", setData, nil},
	{"ESSAIM_TLS", "off", "off behind a proxy that speaks TLS, auto for certificates asked for by the server itself.", oneOf(func(c *Config) *TLS { return &c.TLS }, TLSOff, TLSAuto), nil},
	{"ESSAIM_TRUSTED_PROXIES", "", "Addresses or networks of the proxies in front, separated by commas, such as 127.0.0.1, 10.0.0.0/8.", setProxies, nil},
	{"ESSAIM_FEDERATION", "open", "open, allowlist for listed servers only, or off.", oneOf(func(c *Config) *Federation { return &c.Federation }, FederationOpen, FederationAllowlist, FederationOff), nil},
	{"ESSAIM_SECURE_FETCH", "false", "true to ask for a signature on every read by a server.", boolean(func(c *Config) *bool { return &c.SecureFetch }), nil},
	{"ESSAIM_HANDLE_DOMAIN", "", "Not used yet. Domain of handles when it is not that of the address, such as bzh.example.", setHandleDomain, nil},
	{"ESSAIM_SMTP", "", "Mail server, smtp://user:password@host:587 or smtps://…:465; empty to send no mail.", setSMTP, maskURL},
	{"ESSAIM_MAIL_FROM", "", "Sender of mails; noreply@ and the host unless set.", setMailFrom, nil},
	{"ESSAIM_MEDIA", "file", "Not used yet. file for uploads under the data folder, or s3://key:secret@host/bucket.", setMedia, maskURL},
	{"ESSAIM_THEME", "", "A folder with a header, a footer and colours of your own (docs/theme.md).", setTheme, nil},
	{"ESSAIM_MEDIA_URL", "", "A separate origin for uploads; a second host name of the same server will do.", setMediaURL, nil},
	{"ESSAIM_OIDC_ISSUER", "", "Not used yet. Address of the identity provider people may sign in with.", setIssuer, nil},
	{"ESSAIM_OIDC_CLIENT_ID", "", "Not used yet. Identifier of this instance at the identity provider.", text(func(c *Config) *string { return &c.OIDC.ClientID }), nil},
	{"ESSAIM_OIDC_CLIENT_SECRET", "", "Not used yet. Secret of this instance at the identity provider.", text(func(c *Config) *string { return &c.OIDC.ClientSecret }), maskAll},
	{"ESSAIM_METRICS", "", "Not used yet. Address and port of /metrics, such as 127.0.0.1:9090; empty for none.", setMetrics, nil},
	{"ESSAIM_LOG_LEVEL", "info", "debug, info, warn or error.", setLogLevel, nil},
	{"ESSAIM_LOG_FORMAT", "text", "text or json.", oneOf(func(c *Config) *LogFormat { return &c.LogFormat }, LogText, LogJSON), nil},
	{"ESSAIM_LOOPBACK", "false", "1 to allow http and loopback peers, for development and tests, when the public address is itself on loopback.", boolean(func(c *Config) *bool { return &c.Loopback }), nil},
}
