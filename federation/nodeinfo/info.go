// Package nodeinfo says what a server is and asks others: NodeInfo 2.0 and 2.1,
// with the link to the instance actor of FEP-2677, both sides.
//
// It refuses to guess: numbers are true or absent (FEP-0151), and nothing here
// infers what a peer can do from the name of its software.
package nodeinfo

// Relations in /.well-known/nodeinfo.
const (
	Rel20          = "http://nodeinfo.diaspora.software/ns/schema/2.0"
	Rel21          = "http://nodeinfo.diaspora.software/ns/schema/2.1"
	RelApplication = "https://www.w3.org/ns/activitystreams#Application" // FEP-2677
)

// Info is a NodeInfo document. The server fills Version in.
type Info struct {
	Version           string   `json:"version"`
	Software          Software `json:"software"`
	Protocols         []string `json:"protocols"`
	Services          Services `json:"services"`
	OpenRegistrations bool     `json:"openRegistrations"`
	Usage             Usage    `json:"usage"`
	Metadata          Metadata `json:"metadata"`
}

// Software names the program; Name is lower case, letters, digits and hyphens.
// Repository and Homepage exist since 2.1 and are left out of 2.0.
type Software struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Repository string `json:"repository,omitempty"`
	Homepage   string `json:"homepage,omitempty"`
}

// Services are other networks this server reads from and writes to, by the
// names of the schema ("atom1.0").
type Services struct {
	Inbound  []string `json:"inbound"`
	Outbound []string `json:"outbound"`
}

// Usage are statistics; nil is not counted, which is not zero.
type Usage struct {
	Users         Users `json:"users"`
	LocalPosts    *int  `json:"localPosts,omitempty"`
	LocalComments *int  `json:"localComments,omitempty"`
}

// Users counts accounts: all, active in 30 days, active in 180 days.
type Users struct {
	Total          *int `json:"total,omitempty"`
	ActiveMonth    *int `json:"activeMonth,omitempty"`
	ActiveHalfyear *int `json:"activeHalfyear,omitempty"`
}

// Metadata is the free part, as this family of software fills it in.
type Metadata struct {
	NodeName        string     `json:"nodeName,omitempty"`
	NodeDescription string     `json:"nodeDescription,omitempty"`
	StaffAccounts   []string   `json:"staffAccounts,omitempty"`
	Federation      Federation `json:"federation"`
	Territories     []string   `json:"territories,omitempty"` // keys such as fr:region:53
}

// Federation says whether the server talks to others at all.
type Federation struct {
	Enabled bool `json:"enabled"`
}

// links is /.well-known/nodeinfo.
type links struct {
	Links []link `json:"links"`
}

type link struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}
