package demo

// world is the sample data (product §8): real territories, fictional bodies, people and projects. Days count back from today; a negative one is ahead.
var world = []place{ecluse, fabrique, national}

// replies cross instances once everything has arrived: who answers which post, from where.
var replies = []reply{
	{from: "fabrique", by: "nadege", to: "canicule", text: "<p>Ne pas commencer par un numéro unique : personne ne l'a retenu chez nous. Les binômes, oui.</p>"},
	{from: "ecluse", by: "boussole_donnees", to: "fuites", text: "<p>Nous pouvons donner deux jours en janvier. Écrivez-nous.</p>"},
	{from: "fabrique", by: "antoine", to: "cles", text: "<p>Chez nous c’est la boulangère. Personne ne l’a décidé et tout le monde le sait.</p>"},
	{from: "ecluse", by: "yannig", to: "appels", text: "<p>Confirmé : deux chaises et un parasol, et les gens viennent. Le parasol a compté.</p>"},
	{from: "ecluse", by: "karr_ar_skoazell", to: "etude", text: "<p>Gardé : la camionnette et le principe de faire avec. Changé : les marchés plutôt que les mairies, et le breton.</p>"},
}

type place struct {
	slug, name, role, description string
	accelerator                   body
	people                        []person
	bodies                        []body
	projects                      []project
	posts                         []post
	events                        []event
	follows                       []tie
	likes, boosts                 []tie
}

// tie is who follows, likes or boosts what: an actor by handle, with its instance when it is another (guichet_roulant@fabrique), or the key of a post.
type tie struct{ by, what string }

type person struct {
	handle, name, role, about, territory string
	hidden                               bool // is not in the directory
}

type body struct {
	handle, name, summary, by, kind string
	territories                     []string
}

type project struct {
	handle, name, by, carrier, promise, summary, stop string
	territories, themes, publics, goals               []string
	steps                                             []step
	figures                                           []figure
	partners                                          []partner
	team                                              []member
	investment, yearly, people                        float64 // euros, euros a year, full-time equivalents; 0 when nobody said
	fundedBy, contact                                 string
	worked, failed, conditions, avoid                 string
	left                                              []string
	links                                             [][2]string
}

type partner struct{ name, actor, role string }

type member struct{ handle, role string }

type step struct {
	phase   string
	days    int
	comment string
}

type figure struct {
	name, unit              string
	baseline, target, value float64
}

type post struct {
	by, text, key string
	first         string // what it said before it was corrected, an hour later; "" when it never was
	days          int
	tags          []string
}

type event struct {
	by, name, kind, place, town, text, territory string
	in, hours                                    int
	seats                                        int64
}

type reply struct{ from, by, to, text string }
