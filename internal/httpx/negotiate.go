package httpx

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// Media types of the documents we serve. ActivityType is exact, to the space (federation-R4).
const (
	ActivityType = "application/activity+json; charset=utf-8"
	ProblemType  = "application/problem+json"
	JSONType     = "application/json"
)

// Vary is what every document depends on that is served in more than one form or to some signers only (R4, S34).
const Vary = "Accept, Signature"

// WantsActivity tells whether a request to an address that people use too asks for the ActivityPub document: it names
// application/activity+json or application/ld+json, with the profile or without (federation-R16), and likes HTML no
// better. */* and an absent Accept mean the page.
func WantsActivity(r *http.Request) bool {
	activity, html := accepted(r)
	return activity > 0 && activity > html
}

// WantsHTML tells whether a request to the address of a document asks for the page instead, as browsers do.
func WantsHTML(r *http.Request) bool {
	activity, html := accepted(r)
	return html > 0 && html > activity
}

// accepted returns the weights at which a request names documents and pages, 0 for not at all. Of two at the same weight
// the one named first is a little heavier.
func accepted(r *http.Request) (activity, html float64) {
	const step = 1e-6
	order := 1.0
	for _, line := range r.Header.Values("Accept") {
		for part := range strings.SplitSeq(line, ",") {
			media, params, err := mime.ParseMediaType(part)
			if err != nil {
				continue
			}
			q := weight(params["q"])
			if q > 0 {
				order -= step
				q *= order
			}
			switch media {
			case "application/activity+json", "application/ld+json":
				activity = max(activity, q)
			case "text/html", "application/xhtml+xml":
				html = max(html, q)
			}
		}
	}
	return activity, html
}

func weight(q string) float64 {
	if q == "" {
		return 1
	}
	w, err := strconv.ParseFloat(q, 64)
	if err != nil || !(w >= 0 && w <= 1) {
		return 0
	}
	return w
}

// IsActivityType tells whether what was sent is an ActivityPub document, the profile of ld+json being optional.
func IsActivityType(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/activity+json" || media == "application/ld+json")
}
