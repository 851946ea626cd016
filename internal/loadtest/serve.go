package loadtest

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ServeHTTP is every host of the peer; which one is told by the Host header.
func (p *Peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := p.byName[r.Host]
	if h == nil {
		http.Error(w, errUnknownHost.Error(), http.StatusMisdirectedRequest)
		return
	}
	p.mu.Lock()
	p.requests++
	p.mu.Unlock()
	h.mu.Lock()
	h.requests[r.URL.Path]++
	h.mu.Unlock()
	if r.Method == http.MethodPost {
		h.receive(w, r)
		return
	}
	h.show(w, r)
}

// show answers a GET.
func (h *Host) show(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/.well-known/webfinger":
		h.webfinger(w, r.URL.Query().Get("resource"))
		return
	case "/.well-known/nodeinfo":
		respond(w, "application/json", jrdDoc{Links: []link{{Rel: "http://nodeinfo.diaspora.software/ns/schema/2.1", Href: h.URL + "/nodeinfo/2.1"}}})
		return
	case "/nodeinfo/2.1":
		info := nodeInfoDoc{Version: "2.1", Protocols: []string{"activitypub"}}
		info.Software.Name, info.Software.Version = "loadtest", "1"
		info.Services.Inbound, info.Services.Outbound = []string{}, []string{}
		respond(w, "application/json", info)
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/users/")
	name, what, _ := strings.Cut(rest, "/")
	if !ok || name == "" {
		http.NotFound(w, r)
		return
	}
	post, isPost := strings.CutPrefix(what, "posts/")
	post, isCreate := strings.CutSuffix(post, "/activity")
	n, _ := strconv.Atoi(post)
	switch {
	case what == "":
		respond(w, activityType, h.actorDoc(name))
	case what == "outbox":
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		respond(w, activityType, h.outbox(name, page))
	case what == "followers":
		respond(w, activityType, collectionDoc{Context: streams, ID: h.Actor(name) + "/followers", Type: "OrderedCollection"})
	case isPost && n >= 1 && n <= h.peer.Posts():
		note := h.past(name, n)
		if isCreate {
			create := createOf(note)
			create.Context = streams
			respond(w, activityType, create)
			return
		}
		note.Context = streams
		respond(w, activityType, note)
	default:
		http.NotFound(w, r)
	}
}

func (h *Host) webfinger(w http.ResponseWriter, resource string) {
	name, host, ok := strings.Cut(strings.TrimPrefix(resource, "acct:"), "@")
	if !ok || host != h.Name || name == "" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	respond(w, "application/jrd+json", jrdDoc{Subject: "acct:" + name + "@" + h.Name, Links: []link{{Rel: "self", Type: activityType, Href: h.Actor(name)}}})
}

func respond(w http.ResponseWriter, contentType string, doc any) {
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(encode(doc))
}

// maxArrival bounds what an inbox reads.
const maxArrival = 1 << 20

// receive is every inbox: it records, answers late or with an error when told to, and has a Follow accepted.
func (h *Host) receive(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	delay, status := h.delay, h.status
	h.mu.Unlock()
	if status != 0 {
		w.WriteHeader(status)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxArrival))
	if err != nil {
		return
	}
	var a struct {
		ID, Type, Actor string
		Object          json.RawMessage
	}
	if json.Unmarshal(body, &a) != nil || a.ID == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	h.record(Arrival{ID: a.ID, Type: a.Type, Actor: a.Actor, Object: idOf(a.Object)})
	if a.Type == "Follow" {
		h.peer.accept(answer{host: h, follow: body, who: idOf(a.Object)})
	}
	if delay > 0 {
		wait := time.NewTimer(delay)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-r.Context().Done():
			return
		}
	}
	w.WriteHeader(http.StatusAccepted)
}

func (h *Host) record(a Arrival) {
	h.mu.Lock()
	was := h.arrivals[a.ID]
	if was == nil {
		a.First = time.Now()
		was = &a
		h.arrivals[a.ID] = was
	}
	was.Count++
	first := was.Count == 1
	h.mu.Unlock()
	if first {
		h.peer.mu.Lock()
		h.peer.reached[a.ID]++
		h.peer.mu.Unlock()
	}
}

// idOf is the id of an object that is embedded or only named.
func idOf(raw json.RawMessage) string {
	var named string
	if json.Unmarshal(raw, &named) == nil {
		return named
	}
	var embedded struct{ ID string }
	_ = json.Unmarshal(raw, &embedded)
	return embedded.ID
}
