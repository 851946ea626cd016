package inbox

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"essaim/federation/sig"
)

// answer is a refusal on its way out: a status, one sentence of our own, when to come back, and for the log the cause.
type answer struct {
	status   int
	sentence string
	after    time.Duration
	cause    error
}

func (a *answer) Error() string {
	if a.cause != nil {
		return a.sentence + ": " + a.cause.Error()
	}
	return a.sentence
}

func (a *answer) Unwrap() error { return a.cause }

func refuse(status int, sentence string, cause error) error {
	return &answer{status: status, sentence: sentence, cause: cause}
}

func tooLarge() error {
	return refuse(http.StatusRequestEntityTooLarge, "the activity is too large", nil)
}

func tooMany(wait time.Duration) error {
	return &answer{status: http.StatusTooManyRequests, sentence: "too many requests came lately", after: wait}
}

const comeBack = time.Minute

// answerOf turns any error into what is sent. Sentences are ours: neither a peer's words nor what a retrieval found (S26).
func answerOf(err error) *answer {
	if a, ok := errors.AsType[*answer](err); ok {
		return a
	}
	if e, ok := errors.AsType[*sig.Error](err); ok {
		return &answer{status: e.Status, sentence: e.Reason}
	}
	for _, known := range [...]struct {
		err      error
		status   int
		sentence string
		after    time.Duration
	}{
		{ErrKeyUnknown, http.StatusUnauthorized, "the signature does not verify", 0},
		{ErrBlocked, http.StatusForbidden, "this server does not take activities from there", 0},
		{ErrNoInbox, http.StatusNotFound, "nobody receives here", 0},
		{ErrInboxGone, http.StatusGone, "who received here is gone", 0},
		{ErrKeyUnreachable, http.StatusServiceUnavailable, "the key could not be had; try again later", comeBack},
		{ErrBusy, http.StatusServiceUnavailable, "too much work is waiting; try again later", comeBack},
	} {
		if errors.Is(err, known.err) {
			return &answer{status: known.status, sentence: known.sentence, after: known.after, cause: err}
		}
	}
	return &answer{status: http.StatusServiceUnavailable, sentence: "something is wrong here; try again later", after: comeBack, cause: err}
}

// problem is RFC 9457, as FEP-c180 asks.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func (a *answer) write(w http.ResponseWriter) {
	head := w.Header()
	head.Set("Content-Type", "application/problem+json")
	head.Set("Cache-Control", "no-store")
	switch a.status {
	case http.StatusMethodNotAllowed:
		head.Set("Allow", http.MethodPost)
	case http.StatusUnsupportedMediaType:
		head.Set("Accept-Post", `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`)
	}
	if a.after > 0 {
		seconds := int64((a.after + time.Second - 1) / time.Second)
		head.Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	body, err := json.Marshal(problem{"about:blank", http.StatusText(a.status), a.status, a.sentence})
	if err != nil {
		body = nil // four plain fields always marshal
	}
	w.WriteHeader(a.status)
	w.Write(body)
}
