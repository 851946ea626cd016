package inbox

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"essaim/federation/sig"
	"essaim/federation/vocab"
)

// Received is an activity whose signature holds.
type Received struct {
	Activity *vocab.Activity
	Doc      *vocab.Object
	Raw      []byte // the body as it came; nobody changes it
	Signer   string // actor iri: the owner of the key
	KeyID    string
	Family   sig.Family
	Ed25519  bool // the key is of that kind
	// Forwarded says that the signer is not the activity's actor: nothing in Raw may be believed but that its ids are
	// worth a look at their origin (S1, S13, federation.md 2.5).
	Forwarded  bool
	RemoteAddr netip.Addr
}

// What the functions of Options answer, wrapped or not. Any other error is a fault of the moment, answered 503.
var (
	ErrKeyUnreachable = errors.New("inbox: the server of the key did not answer") // 503 with Retry-After
	ErrKeyUnknown     = errors.New("inbox: the key does not exist")               // 401
	ErrBlocked        = errors.New("inbox: the sender is not welcome")            // 403
	ErrBusy           = errors.New("inbox: too much work is waiting")             // 503 with Retry-After
	ErrNoInbox        = errors.New("inbox: nobody receives here")                 // 404
	ErrInboxGone      = errors.New("inbox: who received here is gone")            // 410
)

// Options of New. Key and Accept are needed.
type Options struct {
	// Origin is our public scheme://authority. A plain http origin (development) lets peers speak plain http.
	Origin string
	// Hosts says which authorities are ours, lower case, port included; nil takes that of Origin.
	Hosts func(host string) bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// MaxBody is in bytes; 0 is vocab.MaxBody (S25).
	MaxBody int64
	// Inbox finds out whether there is an inbox at the address of a request: nil, ErrNoInbox or ErrInboxGone.
	Inbox func(r *http.Request) error
	// Key gives the key of an id, from a cache or by one retrieval; with refresh, by a retrieval if the last one is not
	// too recent for its taste. Errors: ErrKeyUnreachable, ErrKeyUnknown, ErrBlocked.
	Key func(ctx context.Context, keyID string, refresh bool) (*sig.PublicKey, error)
	// Policy judges the host of the key and that of the actor before a key is looked for (S33, S34): nil or ErrBlocked.
	Policy func(ctx context.Context, host string) error
	// Known says whether an actor is known here (federation-K4); nil counts everybody as known.
	Known func(ctx context.Context, actor string) (bool, error)
	// Seen says whether an activity was handed over before (S16); nil leaves that to Accept.
	Seen func(ctx context.Context, activity string) (bool, error)
	// Accept takes an activity over. When it returns nil the activity is on disk (202). Errors: ErrBusy, ErrBlocked.
	Accept func(ctx context.Context, r *Received) error
	// Addr is the client's address, for a server behind trusted proxies; nil takes the socket's (S38).
	Addr func(r *http.Request) netip.Addr
	// Rates bound what is accepted (S38).
	Rates Rates
	// Logger hears of faults, and at debug level of refusals; nil is silent.
	Logger *slog.Logger
}

// Handler is one door; it may serve many inboxes. It is safe for concurrent use.
type Handler struct {
	Options
	insecure bool // our own origin is plain http
	limits   *limits
	keys     *keyring
}

// New makes a Handler.
func New(o Options) *Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxBody <= 0 {
		o.MaxBody = vocab.MaxBody
	}
	if o.Hosts == nil {
		own := hostOf(o.Origin)
		o.Hosts = func(host string) bool { return host == own }
	}
	if o.Addr == nil {
		o.Addr = SocketAddr
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Handler{Options: o, insecure: schemeOf(o.Origin) == "http", limits: newLimits(o.Rates), keys: newKeyring(o.Key)}
}

// ServeHTTP answers one request, always with a status of the table in federation-K3.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := h.serve(r)
	if err == nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	a := answerOf(err)
	level := slog.LevelDebug
	if a.status == http.StatusServiceUnavailable && !errors.Is(err, ErrBusy) && !errors.Is(err, ErrKeyUnreachable) {
		level = slog.LevelError
	}
	h.Logger.LogAttrs(r.Context(), level, "inbox refused", slog.Int("status", a.status), slog.String("reason", a.sentence), slog.Any("cause", a.cause))
	a.write(w)
}

// serve runs the checks in order. nil is 202, whether the activity was taken over or dropped.
func (h *Handler) serve(r *http.Request) error {
	now := h.Now()
	addr := h.Addr(r)
	if err := h.admit(r, addr, now); err != nil {
		return err
	}
	body, err := readBody(r, h.MaxBody)
	if err != nil {
		return err
	}
	signed, err := sig.Parse(r, body, sig.Policy{Host: h.Hosts, Origin: h.Origin, Now: now})
	if err != nil {
		return h.blame(addr, now, err)
	}
	doc, err := vocab.Parse(body)
	if err != nil {
		return refuse(http.StatusBadRequest, "the body is not an activity that can be read", err)
	}
	in := &Received{Doc: doc, Raw: body, KeyID: signed.KeyID, Family: signed.Family, RemoteAddr: addr}
	drop, err := h.judge(r.Context(), in)
	if drop || err != nil {
		return err
	}
	if err := h.verify(r.Context(), in, signed, now); err != nil {
		return h.blame(addr, now, err)
	}
	if wait := h.limits.signer(hostOf(in.Signer), in.Signer, now); wait > 0 {
		return tooMany(wait)
	}
	if h.Seen != nil {
		seen, err := h.Seen(r.Context(), in.Activity.ID)
		if seen || err != nil {
			return err
		}
	}
	return h.Accept(r.Context(), in)
}

// admit is step 1: what can be said without reading the body.
func (h *Handler) admit(r *http.Request, addr netip.Addr, now time.Time) error {
	if r.Method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed, "an inbox takes POST", nil)
	}
	if wait := h.limits.address(addr, now); wait > 0 {
		return tooMany(wait)
	}
	if h.Inbox != nil {
		if err := h.Inbox(r); err != nil {
			return err
		}
	}
	if !activityType(r.Header.Get("Content-Type")) || r.Header.Get("Content-Encoding") != "" {
		return refuse(http.StatusUnsupportedMediaType, "the body must be application/activity+json, without a content encoding", nil)
	}
	if r.ContentLength > h.MaxBody {
		return tooLarge()
	}
	return nil
}

// blame counts a refusal against the address it came from, so that one who only knocks is stopped before any work.
func (h *Handler) blame(addr netip.Addr, now time.Time, err error) error {
	if answerOf(err).status == http.StatusUnauthorized {
		h.limits.refused(addr, now)
	}
	return err
}
