package browser

import "net/http"

// route is one kind of page and where the demonstration has one. A new page is a new line here: a test fails while the router has an address that the
// table lacks.
type route struct {
	name    string
	pattern string // as the router has it; "" for another state of a page that is listed
	on      Place
	as      string // handle of who looks; "" is signed out
	address Where
	status  int // 200 when left out
}

var routes = []route{
	{name: "home", pattern: "/", address: At("/")},
	{name: "home of the national instance", on: National, address: At("/")},
	{name: "explorer", pattern: "/explorer", address: At("/explorer")},
	{name: "explorer, corrected", address: At("/explorer?q=gichet")},
	{name: "explorer, none", address: At("/explorer?q=xylophone&territoire=dep2a&theme=mobility")},
	{name: "explorer, of the national instance", on: National, address: At("/explorer?type=projet&theme=mobility")},
	{name: "territories", pattern: "/territoires", address: At("/territoires")},
	{name: "territories, homonyms", address: At("/territoires?q=saint-pierre")},
	{name: "territory", pattern: "/territoires/{handle:[^/.]+}", address: At("/territoires/dep56")},
	{name: "territory, without anything", address: At("/territoires/com48095")},
	{name: "projects", pattern: "/projets", address: At("/projets")},
	{name: "projects, filtered", address: At("/projets?phase=stopped")},
	{name: "projects, none", address: At("/projets?theme=health&phase=idea&territoire=dep2a")},
	{name: "agenda", pattern: "/agenda", address: At("/agenda")},
	{name: "agenda, past", address: At("/agenda?passes=1")},
	{name: "event", pattern: "/agenda/{id}", address: Link("/agenda", `/agenda/[a-z0-9]+`)},
	{name: "event of another instance", on: National, address: Link("/agenda", `/@[^"/]+/[a-z0-9]+`)},
	{name: "accelerators", pattern: "/annuaire/{list:[^/.]+}", address: At("/annuaire/accelerateurs")},
	{name: "organisations", address: At("/annuaire/organisations")},
	{name: "people", address: At("/annuaire/personnes")},
	{name: "directory", pattern: "/annuaire", address: At("/annuaire")},
	{name: "project", pattern: "/@{handle:[^/]+}", address: Link("/projets", `/@[a-z0-9_]+`)},
	{name: "project, stopped", address: Link("/projets?phase=stopped", `/@[^"/]+`)},
	{name: "project of another instance", on: National, address: Link("/projets", `/@[a-z0-9_]+@[^"/]+`)},
	{name: "accelerator", address: Link("/annuaire/accelerateurs", `/@[a-z0-9_]+`)},
	{name: "post", pattern: "/@{handle:[^/]+}/{id}", address: Link("/", `/@[a-z0-9_]+/[a-z0-9]+`)},
	{name: "tag", pattern: "/tags/{tag:[^/.]+}", address: At("/tags/rien")},
	{name: "about", pattern: "/a-propos", address: At("/a-propos")},
	{name: "accessibility", pattern: "/accessibilite", address: At("/accessibilite")},
	{name: "legal notice", pattern: "/mentions-legales", address: At("/mentions-legales")},
	{name: "privacy", pattern: "/confidentialite", address: At("/confidentialite")},
	{name: "terms", pattern: "/conditions", address: At("/conditions")},
	{name: "rules", pattern: "/moderation", address: At("/moderation")},
	{name: "setting up", pattern: "/demarrage", as: "solene", address: At("/demarrage")},
	{name: "setting up, who", pattern: "/demarrage/{etape}", as: "solene", address: At("/demarrage/identite")},
	{name: "setting up, who answers", as: "solene", address: At("/demarrage/responsables")},
	{name: "the instance", pattern: "/admin/instance", as: "solene", address: At("/admin/instance")},
	{name: "the instance, sign-ups", pattern: "/admin/instance/{etape}", as: "solene", address: At("/admin/instance/inscriptions")},
	{name: "the instance, where", as: "solene", address: At("/admin/instance/territoires")},
	{name: "choose a password", pattern: "/mot-de-passe/{secret}", address: At("/mot-de-passe/abc")},
	{name: "sign in", pattern: "/connexion", address: At("/connexion")},
	{name: "home, signed in", as: "solene", address: At("/projets")},
	{name: "settings, profile", pattern: "/reglages/profil", as: "maelys", address: At("/reglages/profil")},
	{name: "settings, privacy", pattern: "/reglages/confidentialite", as: "maelys", address: At("/reglages/confidentialite")},
	{name: "settings, letters", pattern: "/reglages/notifications", as: "maelys", address: At("/reglages/notifications")},
	{name: "settings, copies", pattern: "/reglages/export", as: "maelys", address: At("/reglages/export")},
	{name: "settings, leave", pattern: "/reglages/supprimer", as: "maelys", address: At("/reglages/supprimer")},
	{name: "settings, leave but not alone", as: "solene", address: At("/reglages/supprimer")},
	{name: "display", pattern: "/affichage", address: At("/affichage")},
	{name: "display, as a member", as: "maelys", address: At("/affichage")},
	{name: "timeline", pattern: "/fil", as: "maelys", address: At("/fil")},
	{name: "timeline, events", as: "solene", address: At("/fil?type=evenements")},
	{name: "timeline, empty", as: "coordination", on: National, address: At("/fil")},
	{name: "notifications", pattern: "/notifications", as: "maelys", address: At("/notifications")},
	{name: "requests", pattern: "/demandes", as: "maelys", address: At("/demandes")},
	{name: "favourites", pattern: "/favoris", as: "maelys", address: At("/favoris")},
	{name: "look-up", pattern: "/recherche-distante", as: "maelys", address: At("/recherche-distante")},
	{name: "look-up, nobody", as: "maelys", address: At("/recherche-distante?q=@personne@127.0.0.1:9"), status: http.StatusBadGateway},
	{name: "followers", pattern: "/@{handle:[^/]+}/abonnes", address: At("/@ecluse/abonnes")},
	{name: "following", pattern: "/@{handle:[^/]+}/abonnements", address: At("/@maelys/abonnements")},
	{name: "post, as a member", as: "maelys", address: Link("/@solene", `/@[a-z0-9_]+/[a-z0-9]+`)},
	{name: "project, as a member", as: "maelys", address: Link("/projets", `/@[a-z0-9_]+`)},
	{name: "event, as a member", as: "maelys", address: Link("/agenda", `/agenda/[a-z0-9]+`)},
	{name: "not found", address: At("/nulle-part"), status: http.StatusNotFound},
}

// otherwise are the addresses that answer a GET with something else than a page of their own.
var otherwise = map[string]string{
	"/static/{hash}/{name:.+}":          "files of the pages",
	"/projets.atom":                     "a feed",
	"/agenda.atom":                      "a feed",
	"/annuaire/{list:[^/.]+}.atom":      "a feed",
	"/tags/{tag:[^/.]+}.atom":           "a feed",
	"/explorer.atom":                    "a feed",
	"/territoires/{handle:[^/.]+}.atom": "a feed",
	"/reglages":                         "leads on to the first settings",
	"/reglages/export/{id}":             "a file; TestStory_Copy fetches it",
	"/desabonnement/{token}":            "a link of letters; TestStory_Letters follows it",
	"/suivre":                           "a form alone",
	"/reagir":                           "a form alone",
	"/fil/nouveautes":                   "a number, for the script of the timeline",
	"/interagir":                        "leads on to a page",
	"/.well-known/security.txt":         "plain text",
	"/admin/instance/ouverture":         "a form alone",
	"/deconnexion":                      "a form alone; its address leads to the home page",
}
