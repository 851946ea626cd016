package essaim

// EventKinds is vocabulary V7.
var EventKinds = Scheme{Name: "event-kind", FR: "Type d’événement", EN: "Event kind",
	Concepts: []Concept{
		{ID: "hackathon", FR: "Hackathon", EN: "Hackathon"},
		{ID: "workshop", FR: "Atelier", EN: "Workshop"},
		{ID: "meetup", FR: "Rencontre", EN: "Meetup"},
		{ID: "learning_visit", FR: "Visite apprenante", EN: "Learning visit"},
		{ID: "training", FR: "Formation", EN: "Training"},
		{ID: "webinar", FR: "Webinaire", EN: "Webinar"},
		{ID: "committee", FR: "Comité", EN: "Committee"},
		{ID: "public_meeting", FR: "Réunion publique", EN: "Public meeting"},
		{ID: "user_testing", FR: "Test usagers", EN: "User testing"},
		{ID: "call_for_projects", FR: "Appel à projets", EN: "Call for projects"},
		{ID: "conference", FR: "Conférence", EN: "Conference"},
		{ID: "residency", FR: "Résidence", EN: "Residency"},
	},
	Groups: []Group{
		{FR: "Se rencontrer", EN: "Meet", IDs: []string{"meetup", "public_meeting", "conference", "committee"}},
		{FR: "Faire ensemble", EN: "Make together", IDs: []string{"hackathon", "workshop", "user_testing", "residency", "call_for_projects"}},
		{FR: "Apprendre", EN: "Learn", IDs: []string{"training", "webinar", "learning_visit"}},
	},
}

// ProgrammeKinds are what the programme of a hackathon adds to EventKinds.
var ProgrammeKinds = Scheme{Name: "programme-kind", FR: "Temps d’un programme", EN: "Programme item", Concepts: []Concept{
	{ID: "kickoff", FR: "Lancement", EN: "Kick-off"},
	{ID: "data_workshop", FR: "Atelier données", EN: "Data workshop"},
	{ID: "pitch", FR: "Présentation des équipes", EN: "Pitch"},
	{ID: "award_ceremony", FR: "Remise des prix", EN: "Award ceremony"},
}}
