package vocab

// The Public collection (AP §5.6), in the one form we write; `as:Public` and `Public` are read as it.
const Public = "https://www.w3.org/ns/activitystreams#Public"

// ContentType is the exact media type of every ActivityPub document we serve or send (federation-R4).
const ContentType = "application/activity+json; charset=utf-8"

// AcceptHeader is what we ask for when retrieving an object (AP §3.2).
const AcceptHeader = `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`

// Activity types we act on.
const (
	AcceptType      = "Accept"
	Add             = "Add"
	Announce        = "Announce"
	Block           = "Block"
	Create          = "Create"
	Delete          = "Delete"
	Flag            = "Flag"
	Follow          = "Follow"
	Ignore          = "Ignore"
	Invite          = "Invite"
	Join            = "Join"
	Leave           = "Leave"
	Like            = "Like"
	Move            = "Move"
	Offer           = "Offer"
	Reject          = "Reject"
	Remove          = "Remove"
	TentativeAccept = "TentativeAccept"
	Undo            = "Undo"
	Update          = "Update"
)

// Object and actor types we write or look for.
const (
	Application   = "Application"
	Article       = "Article"
	Collection    = "Collection"
	Event         = "Event"
	Group         = "Group"
	Hashtag       = "Hashtag"
	Image         = "Image"
	Link          = "Link"
	Mention       = "Mention"
	Note          = "Note"
	Organization  = "Organization"
	Person        = "Person"
	Place         = "Place"
	PropertyValue = "PropertyValue"
	Question      = "Question"
	Service       = "Service"
	Tombstone     = "Tombstone"

	CollectionPage        = "CollectionPage"
	OrderedCollection     = "OrderedCollection"
	OrderedCollectionPage = "OrderedCollectionPage"
)

var activityTypes = setOf(AcceptType, Add, Announce, "Arrive", Block, Create, Delete, "Dislike", Flag, Follow, Ignore, Invite, Join, Leave,
	Like, "Listen", Move, Offer, Reject, "Read", Remove, "TentativeReject", TentativeAccept, "Travel", Undo, Update, "View")

var actorTypes = setOf(Application, Group, Organization, Person, Service)

// IsActivity tells whether t is an activity type of the Activity Vocabulary; Question is read as an object, as every server does.
func IsActivity(t string) bool { return activityTypes[t] }

// IsActor tells whether t is one of the five actor types (AS Vocabulary §3.2).
func IsActor(t string) bool { return actorTypes[t] }

// IsPublic tells whether an address stands for the Public collection in any of the three forms in use (AP §5.6).
func IsPublic(iri string) bool { return iri == Public || iri == "as:Public" || iri == "Public" }

func setOf(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}
