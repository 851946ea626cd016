// Package archtest holds the import table of docs/architecture.md as data, and the tests that keep the code to it.
//
// It also holds the rules that only a reading of the sources can show: the fence around the go-fed packages (G1), the one
// place that may open connections (S20, law 5), typed documents everywhere but in federation/vocab, and content tables
// written by internal/activity alone (law 1). It refuses to judge anything else: what a room does is tested in that room.
//
// The table and docs/architecture.md say the same thing; a change touches both.
package archtest

// Module is the import path of the module this table describes.
const Module = "essaim"

// Room is one package of the module and what it may import besides the standard library.
type Room struct {
	// Layer orders the rooms from the bottom (0) to the commands (8). No room imports one of a higher layer.
	Layer int
	// Path is relative to the module.
	Path string
	// Ours lists the rooms it may import; "federation/*" means every room of the protocol, "below" every room of a lower layer.
	Ours []string
	// Theirs lists the modules or packages of others it may import; a name covers the packages under it.
	Theirs []string
	// NoHTTP forbids net/http: the room decides and stores, it never talks.
	NoHTTP bool
}

// What several rooms of the protocol may import, as one row of the table has it.
var (
	protocol      = []string{"federation/vocab", "federation/sig", "federation/fetch"}
	protocolTheir = []string{
		"golang.org/x/net/idna", "golang.org/x/net/publicsuffix", "golang.org/x/time/rate", "golang.org/x/sync",
	}
)

// Rooms is the import table. A row for a package that does not exist is no error; a package without a row is.
var Rooms = []Room{
	{Layer: 0, Path: "federation/vocab", Theirs: []string{"github.com/go-fed/activity/streams"}},
	{Layer: 0, Path: "federation/sig", Ours: []string{"federation/vocab"}, Theirs: []string{
		"github.com/go-fed/httpsig", "github.com/dunglas/httpsfv", "github.com/gowebpki/jcs", "github.com/mr-tron/base58",
	}},
	{Layer: 0, Path: "federation/fetch", Ours: protocol, Theirs: protocolTheir},
	{Layer: 0, Path: "federation/webfinger", Ours: protocol, Theirs: protocolTheir},
	{Layer: 0, Path: "federation/nodeinfo", Ours: protocol, Theirs: protocolTheir},
	{Layer: 0, Path: "federation/collection", Ours: protocol, Theirs: protocolTheir},
	{Layer: 0, Path: "federation/deliver", Ours: protocol, Theirs: protocolTheir},
	{Layer: 0, Path: "federation/inbox", Ours: protocol, Theirs: protocolTheir},
	{Layer: 0, Path: "federation/fedtest"},
	{Layer: 0, Path: "internal/i18n", Theirs: []string{"golang.org/x/text"}},
	{Layer: 0, Path: "internal/archtest"},
	{Layer: 0, Path: "test/peers"},
	{Layer: 0, Path: "test/report"},
	{Layer: 8, Path: "test/crash", Ours: []string{"below", "internal/loadtest"}},

	{Layer: 1, Path: "internal/essaim", Ours: []string{"federation/vocab", "internal/i18n"}, NoHTTP: true},
	{Layer: 1, Path: "internal/config", Ours: []string{"internal/essaim", "internal/i18n"}},
	// x/net/html is the parser under bluemonday: text walks the same tree.
	{Layer: 1, Path: "internal/text", Ours: []string{"internal/essaim", "internal/i18n"}, Theirs: []string{
		"github.com/microcosm-cc/bluemonday", "github.com/yuin/goldmark", "golang.org/x/net/html",
	}},
	{Layer: 1, Path: "migrations", Theirs: []string{"github.com/pressly/goose/v3"}},

	{
		Layer: 2, Path: "internal/store", NoHTTP: true,
		Ours:   []string{"internal/essaim", "federation/vocab", "migrations"},
		Theirs: []string{"modernc.org/sqlite", "github.com/jackc/pgx/v5"},
	},
	{Layer: 2, Path: "internal/store/storetest", Ours: []string{"internal/store", "internal/essaim", "federation/vocab", "migrations"}},
	{Layer: 2, Path: "internal/store/dataset", Ours: []string{"internal/store", "internal/essaim", "federation/vocab"}, NoHTTP: true},
	{Layer: 3, Path: "internal/jobs", Ours: []string{"internal/store"}, NoHTTP: true},
	{Layer: 4, Path: "internal/activity", NoHTTP: true, Ours: []string{
		"internal/essaim", "internal/store", "internal/jobs", "internal/text", "internal/i18n", "federation/vocab",
	}},
	// The outbox inserts jobs in the transactions of its callers; auth, above, is one of them. From fetch it has the one spelling of a host (S32).
	{
		Layer: 4, Path: "internal/mail", NoHTTP: true,
		Ours:   []string{"federation/fetch", "internal/essaim", "internal/store", "internal/jobs", "internal/text", "internal/i18n"},
		Theirs: []string{"github.com/wneessen/go-mail"},
	},
	{Layer: 4, Path: "internal/mail/mailtest", NoHTTP: true},

	{
		Layer: 5, Path: "internal/remote",
		Ours: []string{"internal/activity", "internal/store", "internal/jobs", "internal/essaim", "internal/text", "federation/*"},
	},
	{
		Layer: 5, Path: "internal/auth",
		Ours:   []string{"internal/activity", "internal/store", "internal/jobs", "internal/essaim", "internal/i18n", "internal/mail", "federation/vocab"},
		Theirs: []string{"golang.org/x/crypto"},
	},
	{
		Layer: 5, Path: "internal/media",
		Ours:   []string{"internal/activity", "internal/store", "internal/jobs", "internal/essaim", "internal/i18n", "federation/vocab"},
		Theirs: []string{"golang.org/x/image", "github.com/bbrks/go-blurhash"},
	},
	{
		Layer: 5, Path: "internal/search", NoHTTP: true,
		Ours: []string{"internal/store", "internal/essaim", "internal/text", "internal/i18n"},
	},

	{Layer: 5, Path: "internal/archive", NoHTTP: true, Ours: []string{"internal/store", "internal/jobs", "internal/essaim", "internal/text", "federation/vocab"}},
	{
		Layer: 5, Path: "internal/notice", NoHTTP: true,
		Ours: []string{"internal/activity", "internal/store", "internal/jobs", "internal/essaim", "internal/mail", "internal/text", "internal/i18n"},
	},

	{Layer: 6, Path: "internal/httpx", Ours: []string{"internal/essaim", "internal/i18n"}, Theirs: []string{"github.com/gorilla/mux"}},
	{Layer: 6, Path: "internal/fedi", Ours: []string{"below", "internal/httpx"}, Theirs: []string{"github.com/gorilla/mux"}},
	{Layer: 6, Path: "internal/masto", Ours: []string{"below", "internal/httpx"}, Theirs: []string{"github.com/gorilla/mux"}},
	{Layer: 6, Path: "web", Ours: []string{"below", "internal/httpx"}, Theirs: []string{"github.com/gorilla/mux"}},

	{Layer: 7, Path: "internal/app", Ours: []string{"below"}, Theirs: []string{"github.com/gorilla/mux", "golang.org/x/crypto"}},

	{Layer: 8, Path: "internal/demo", Ours: []string{"below"}},
	{Layer: 8, Path: "internal/loadtest", Ours: []string{"below"}},
	{Layer: 8, Path: "cmd/essaim", Ours: []string{"below", "internal/demo", "internal/loadtest"}, Theirs: []string{"github.com/alecthomas/kong"}},
	{Layer: 8, Path: "cmd/loadtest", Ours: []string{"internal/loadtest"}},
	{Layer: 8, Path: "cmd/gencog", Ours: []string{"internal/essaim"}},
}

// testsAlso is what the tests of any room may import besides the room's own row and the other rooms.
var testsAlso = []string{"pgregory.net/rapid"}
