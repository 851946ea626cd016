package vocab

// term is a JSON-LD term definition: the property or class it stands for, how its value is typed, what container it has.
type term struct{ id, kind, container string }

// namespaces are the prefixes we write inline (federation §5). None is ever retrieved. The prefix as is not here: the ActivityStreams context
// defines it.
var namespaces = map[string]string{
	"dcterms": "http://purl.org/dc/terms/",
	"essaim":  "https://w3id.org/essaim/ns#",
	"ev":      "https://w3id.org/fep/8a8e/",
	"gts":     "https://gotosocial.org/ns#",
	"ical":    "http://www.w3.org/2002/12/cal/ical#",
	"lemmy":   "https://join-lemmy.org/ns#",
	"mz":      "https://joinmobilizon.org/ns#",
	"om2":     "http://www.ontology-of-units-of-measure.org/resource/om-2/",
	"prov":    "http://www.w3.org/ns/prov#",
	"q":       "https://w3id.org/fep/044f#",
	"schema":  "http://schema.org#",
	"toot":    "http://joinmastodon.org/ns#",
	"vf":      "https://w3id.org/valueflows/ont/vf#",
	"wf":      "https://purl.archive.org/socialweb/webfinger#",
}

// terms are the extension terms we write, each under a published vocabulary where one fits (D12). What is not here is ours.
var terms = map[string]term{
	// People and actors.
	"alsoKnownAs":               {"as:alsoKnownAs", "@id", ""},
	"attributionDomains":        {"toot:attributionDomains", "", "@set"},
	"discoverable":              {"toot:discoverable", "", ""},
	"featured":                  {"toot:featured", "@id", ""},
	"featuredTags":              {"toot:featuredTags", "@id", ""},
	"implements":                {"https://w3id.org/fep/844e/implements", "@id", "@list"},
	"indexable":                 {"toot:indexable", "", ""},
	"manuallyApprovesFollowers": {"as:manuallyApprovesFollowers", "", ""},
	"movedTo":                   {"as:movedTo", "@id", ""},
	"webfinger":                 {"wf:webfinger", "", ""},

	// Groups, as Mobilizon and the threadiverse read them (T23, T24).
	"discussions":             {"mz:discussions", "@id", ""},
	"events":                  {"mz:events", "@id", ""},
	"memberCount":             {"mz:memberCount", "", ""},
	"members":                 {"mz:members", "@id", ""},
	"openness":                {"mz:openness", "", ""},
	"postingRestrictedToMods": {"lemmy:postingRestrictedToMods", "", ""},
	"posts":                   {"mz:posts", "@id", ""},
	"resources":               {"mz:resources", "@id", ""},
	"todos":                   {"mz:todos", "@id", ""},
	"upcomingEvents":          {"ev:upcomingEvents", "@id", ""},

	// Objects.
	"Hashtag":           {"as:Hashtag", "", ""},
	"PropertyValue":     {"schema:PropertyValue", "", ""},
	"automaticApproval": {"gts:automaticApproval", "@id", ""},
	"blurhash":          {"toot:blurhash", "", ""},
	"about":             {"schema:about", "@id", ""},
	"canQuote":          {"gts:canQuote", "@id", ""},
	"interactionPolicy": {"gts:interactionPolicy", "@id", ""},
	"sensitive":         {"as:sensitive", "", ""},
	"value":             {"schema:value", "", ""},
	"votersCount":       {"toot:votersCount", "", ""},

	// Events (federation §7).
	"EventCancelled":                {"ev:EventCancelled", "", ""},
	"EventMovedOnline":              {"ev:EventMovedOnline", "", ""},
	"EventPostponed":                {"ev:EventPostponed", "", ""},
	"EventRescheduled":              {"ev:EventRescheduled", "", ""},
	"EventScheduled":                {"ev:EventScheduled", "", ""},
	"EventTentative":                {"ev:EventTentative", "", ""},
	"PostalAddress":                 {"schema:PostalAddress", "", ""},
	"additionalType":                {"schema:additionalType", "@id", ""},
	"address":                       {"schema:address", "", ""},
	"addressCountry":                {"schema:addressCountry", "", ""},
	"addressLocality":               {"schema:addressLocality", "", ""},
	"addressRegion":                 {"schema:addressRegion", "", ""},
	"anonymousParticipationEnabled": {"mz:anonymousParticipationEnabled", "", ""},
	"VirtualLocation":               {"ev:VirtualLocation", "", ""},
	"attendees":                     {"ev:attendees", "@id", ""},
	"category":                      {"ev:category", "", ""},
	"displayEndTime":                {"ev:displayEndTime", "", ""},
	"eventStatus":                   {"ev:eventStatus", "@vocab", ""},
	"externalParticipationUrl":      {"mz:externalParticipationUrl", "", ""},
	"inLanguage":                    {"schema:inLanguage", "", ""},
	"isBannerImage":                 {"ev:isBannerImage", "", ""},
	"isOnline":                      {"mz:isOnline", "", ""},
	"joinMode":                      {"ev:joinMode", "", ""},
	"maximumAttendeeCapacity":       {"schema:maximumAttendeeCapacity", "", ""},
	"organizers":                    {"ev:organizers", "@id", ""},
	"participantCount":              {"mz:participantCount", "", ""},
	"participationMessage":          {"mz:participationMessage", "", ""},
	"postalCode":                    {"schema:postalCode", "", ""},
	"previousStartTime":             {"ev:previousStartTime", "", ""},
	"propertyID":                    {"schema:propertyID", "", ""},
	"remainingAttendeeCapacity":     {"schema:remainingAttendeeCapacity", "", ""},
	"repliesModerationOption":       {"mz:repliesModerationOption", "", ""},
	"status":                        {"ical:status", "", ""},
	"streetAddress":                 {"schema:streetAddress", "", ""},
	"timezone":                      {"ev:timezone", "", ""},

	// Projects and what describes them. The rest of the project's terms fall under essaim: by default.
	"territory":       {"essaim:territory", "", "@set"},
	"sdg":             {"essaim:sdg", "", "@set"},
	"publics":         {"essaim:publics", "", "@set"},
	"themes":          {"essaim:themes", "", "@set"},
	"phaseHistory":    {"essaim:phaseHistory", "", "@set"},
	"partners":        {"essaim:partners", "", "@set"},
	"indicators":      {"essaim:indicators", "", "@set"},
	"carrier":         {"essaim:carrier", "@id", ""},
	"partner":         {"essaim:partner", "@id", ""},
	"replications":    {"essaim:replications", "@id", ""},
	"needs":           {"essaim:needs", "@id", ""},
	"projects":        {"essaim:projects", "@id", ""},
	"wasDerivedFrom":  {"prov:wasDerivedFrom", "@id", ""},
	"license":         {"dcterms:license", "", ""},
	"codeLicense":     {"essaim:codeLicense", "", ""},
	"codeRepository":  {"schema:codeRepository", "@id", ""},
	"foundingDate":    {"schema:foundingDate", "", ""},
	"numberOfMembers": {"schema:numberOfEmployees", "", ""},
	"unitText":        {"schema:unitText", "", ""},
	"email":           {"schema:email", "", ""},
	"isBasedOn":       {"schema:isBasedOn", "@id", ""},
	"date":            {"dcterms:date", "", ""},
	"legalName":       {"schema:legalName", "", ""},
	"identifier":      {"dcterms:identifier", "", ""},

	// Mutual aid and quotes, for the kinds to come (federation §11, §12).
	"Agreement":          {"vf:Agreement", "", ""},
	"Commitment":         {"vf:Commitment", "", ""},
	"Intent":             {"vf:Intent", "", ""},
	"Proposal":           {"vf:Proposal", "", ""},
	"interactingObject":  {"gts:interactingObject", "@id", ""},
	"interactionTarget":  {"gts:interactionTarget", "@id", ""},
	"quote":              {"q:quote", "@id", ""},
	"quoteAuthorization": {"q:quoteAuthorization", "@id", ""},
	"QuoteAuthorization": {"q:QuoteAuthorization", "", ""},
	"QuoteRequest":       {"q:QuoteRequest", "", ""},
	"action":             {"vf:action", "", ""},
	"availableQuantity":  {"vf:availableQuantity", "", ""},
	"changed":            {"essaim:changed", "", "@set"},
	"hasNumericalValue":  {"om2:hasNumericalValue", "", ""},
	"hasUnit":            {"om2:hasUnit", "", ""},
	"kept":               {"essaim:kept", "", "@set"},
	"publishes":          {"vf:publishes", "", ""},
	"purpose":            {"vf:purpose", "", ""},
	"resourceConformsTo": {"vf:resourceConformsTo", "@id", ""},
	"resourceQuantity":   {"vf:resourceQuantity", "", ""},
	"satisfies":          {"vf:satisfies", "@id", ""},
	"stipulates":         {"vf:stipulates", "", ""},
	"unitBased":          {"vf:unitBased", "", ""},
}

// enumerated are the properties whose string value is a term of its own.
var enumerated = setOf("eventStatus")

// coreTypes are the object types of the Activity Vocabulary, which need no definition.
var coreTypes = setOf(Article, "Audio", Collection, CollectionPage, "Document", Event, Image, "IntransitiveActivity", Link, Mention, Note, "Object",
	OrderedCollection, OrderedCollectionPage, "Page", Place, "Profile", Question, "Relationship", Tombstone, "Video", "Activity")

// coreTerms are the properties of ActivityStreams 2.0 and ActivityPub defined by their own context.
var coreTerms = setOf("id", "type", "actor", "attachment", "attributedTo", "audience", "bcc", "bto", "cc", "content", "contentMap", "context",
	"current", "deleted", "duration", "endTime", "endpoints", "first", "followers", "following", "formerType", "generator", "height", "href", "hreflang",
	"icon", "image", "inReplyTo", "inbox", "instrument", "items", "last", "latitude", "liked", "likes", "location", "longitude", "mediaType", "name",
	"nameMap", "next", "object", "oneOf", "anyOf", "closed", "orderedItems", "origin", "outbox", "partOf", "preferredUsername", "prev", "preview",
	"proxyUrl", "oauthAuthorizationEndpoint", "oauthTokenEndpoint", "provideClientKey", "signClientKey",
	"published", "radius", "rel", "relationship", "replies", "result", "sharedInbox", "shares", "source", "startIndex", "startTime", "streams", "subject",
	"summary", "summaryMap", "tag", "target", "to", "totalItems", "units", "updated", "uploadMedia", "url", "width", "accuracy", "altitude", "describes")
