package web

import (
	"net/url"
	"slices"
	"strings"

	"essaim/internal/essaim"
	"essaim/internal/mail"
	"essaim/internal/store"
)

// chapter is a part of what the operator says of the instance. The assistant of the first run takes the first ones in turn (setup.go), /admin/instance has them all.
type chapter struct {
	Slug     string
	settings func(p *Pages, v *view, s *store.Settings) []setting
	// mend holds and rewrites what was typed; faults go into the form. nil when the fields say it all.
	mend func(p *Pages, v *view, f *form) error
}

// setting is a field of a form and where its value goes: one text or, for fields of several, a list.
type setting struct {
	*field
	text *string
	list *[]string
}

// chapters are in the order in which an operator meets them; the assistant goes through the first four.
var chapters = []chapter{
	{"identite", identity, mendIdentity},
	{"territoires", whereabouts, mendTerritories},
	{"responsables", answerers, mendAnswerers},
	{"inscriptions", signUps, nil},
	{"textes", houseTexts, mendHouseTexts},
	{"accessibilite", accessStatement, nil},
}

const assistantSteps = 4

func chapterNamed(slug string) (int, bool) {
	i := slices.IndexFunc(chapters, func(c chapter) bool { return c.Slug == slug })
	return i, i >= 0
}

// form makes the form of a chapter, filled with what was sent or, before, with what stands.
func (c chapter) form(p *Pages, v *view, sent url.Values) *form {
	copied := *v.Settings
	f := &form{Values: sent}
	if sent == nil {
		f.Values = url.Values{}
	}
	for _, x := range c.settings(p, v, &copied) {
		f.Fields = append(f.Fields, x.field)
		switch {
		case sent != nil:
		case x.list != nil && x.Kind == "textarea":
			f.Values.Set(x.Name, strings.Join(*x.list, "\n"))
		case x.list != nil:
			f.Values[x.Name] = *x.list
		case x.text != nil:
			f.Values.Set(x.Name, *x.text)
		}
	}
	return f
}

// write puts what was typed into the settings.
func (c chapter) write(p *Pages, v *view, f *form, s *store.Settings) {
	for _, x := range c.settings(p, v, s) {
		switch {
		case x.list != nil && x.Kind == "textarea":
			*x.list = strings.Fields(strings.ToLower(f.Get(x.Name)))
		case x.list != nil:
			*x.list = f.List(x.Name)
		case x.text != nil:
			*x.text = f.Get(x.Name)
		}
	}
}

// entry makes a field with the words of the catalogue: setup.NAME and setup.NAME_hint.
func entry(v *view, f field, text *string) setting {
	f.Label = v.T("setup." + f.Name)
	if hint := v.T("setup." + f.Name + "_hint"); hint != v.Typo("setup."+f.Name+"_hint") {
		f.Hint = hint
	}
	return setting{field: &f, text: text}
}

func identity(_ *Pages, v *view, s *store.Settings) []setting {
	out := []setting{
		entry(v, field{Name: "nom", Required: true, Max: 100, Autocomplete: "organization"}, &s.Name),
		entry(v, field{Name: "description", Kind: "textarea", Rows: 2, Max: 300}, &s.Description),
		entry(v, field{Name: "forme", Max: 100}, &s.LegalForm),
		entry(v, field{Name: "siret", Max: 30}, &s.SIRET),
	}
	if s.Body == "" {
		out = append(out, entry(v, field{Name: "compte", Required: true, Max: 30, Autocomplete: "off"}, &s.Body))
	}
	return out
}

func mendIdentity(p *Pages, v *view, f *form) error {
	if typed := f.Get("siret"); typed != "" {
		digits, err := essaim.CheckSIRET(typed)
		if err != nil {
			return f.fault(v, "siret", v.T("setup.siret_wrong"))
		}
		f.Values.Set("siret", digits)
	}
	if f.Field("compte") == nil || f.Get("compte") == "" {
		return nil
	}
	handle := strings.ToLower(strings.TrimPrefix(f.Get("compte"), "@"))
	f.Values.Set("compte", handle)
	return nil
}

func whereabouts(_ *Pages, v *view, s *store.Settings) []setting {
	found := entry(v, field{Name: "territoire", Kind: "checks", Wide: true}, nil)
	found.list = &s.Territories
	found.Groups = []optionGroup{{Options: placeOptions(v, s.Territories)}}
	return []setting{entry(v, field{Name: "ajouter", Kind: "search", Max: 100, Autocomplete: "off"}, nil), found}
}

func placeOptions(v *view, keys []string) []option {
	var out []option
	for _, key := range keys {
		if t, ok := essaim.TerritoryByKey(key); ok {
			out = append(out, option{Value: t.Key, Label: t.Title(), Hint: v.Typo(essaim.TerritoryLevels.Label(t.Level, v.Lang))})
		}
	}
	return out
}

// alike is how many territories of a name are shown to choose from.
const alike = 12

// mendTerritories adds what was typed: at once when only one territory is called so, else as choices to tick.
func mendTerritories(_ *Pages, v *view, f *form) error {
	typed, chosen := f.Get("ajouter"), f.Field("territoire")
	keys := f.List("territoire")
	if typed != "" {
		found := essaim.SearchTerritories(typed, alike)
		var exact []string
		var all []string
		for _, t := range found {
			all = append(all, t.Key)
			if strings.EqualFold(t.Name, typed) || strings.EqualFold(t.Title(), typed) || t.Code == typed || t.Key == typed {
				exact = append(exact, t.Key)
			}
		}
		switch {
		case len(found) == 0:
			return f.fault(v, "ajouter", v.T("setup.ajouter_none", typed))
		case len(exact) == 1:
			keys = append(keys, exact[0])
		case len(found) == 1:
			keys = append(keys, all[0])
		default:
			chosen.Groups[0].Options = placeOptions(v, slices.Concat(keys, all))
			f.Values.Del("ajouter")
			return f.fault(v, "territoire", v.T("setup.ajouter_which", typed))
		}
	}
	f.Values["territoire"] = keys
	chosen.Groups[0].Options = placeOptions(v, keys)
	for _, key := range keys {
		if _, ok := essaim.TerritoryByKey(key); !ok {
			return f.fault(v, "territoire", v.T("form.choice", chosen.Label))
		}
	}
	return nil
}

func answerers(_ *Pages, v *view, s *store.Settings) []setting {
	return []setting{
		entry(v, field{Name: "editeur", Kind: "heading"}, nil),
		entry(v, field{Name: "editeur_nom", Max: 200, Autocomplete: "organization"}, &s.Publisher.Name),
		entry(v, field{Name: "editeur_adresse", Kind: "textarea", Rows: 3, Max: 300, Autocomplete: "street-address"}, &s.Publisher.Address),
		entry(v, field{Name: "editeur_telephone", Max: 40, Autocomplete: "tel"}, &s.Publisher.Phone),
		entry(v, field{Name: "editeur_courriel", Kind: "email", Max: 200, Autocomplete: "email"}, &s.Publisher.Email),
		entry(v, field{Name: "directeur", Max: 200}, &s.Director),
		entry(v, field{Name: "hebergeur", Kind: "heading"}, nil),
		entry(v, field{Name: "hebergeur_nom", Max: 200}, &s.Hosting.Name),
		entry(v, field{Name: "hebergeur_adresse", Kind: "textarea", Rows: 3, Max: 300}, &s.Hosting.Address),
		entry(v, field{Name: "hebergeur_telephone", Max: 40}, &s.Hosting.Phone),
		entry(v, field{Name: "contacts", Kind: "heading"}, nil),
		entry(v, field{Name: "dpo", Max: 200}, &s.DPO),
		entry(v, field{Name: "moderation", Kind: "email", Max: 200}, &s.Moderation),
	}
}

func mendAnswerers(_ *Pages, v *view, f *form) error {
	for _, name := range []string{"editeur_courriel", "moderation"} {
		if typed := f.Get(name); typed != "" {
			if _, err := mail.Address(typed); err != nil {
				f.add(v, name, v.T("account.email_wrong"))
			}
		}
	}
	for _, name := range []string{"editeur_telephone", "hebergeur_telephone"} {
		if typed := f.Get(name); typed != "" && strings.Count(strings.Map(digitOnly, typed), "0") < 3 {
			f.add(v, name, v.T("setup.phone_wrong"))
		}
	}
	return nil
}

// digitOnly makes every digit a 0 and drops the rest.
func digitOnly(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return -1
}

func signUps(_ *Pages, v *view, s *store.Settings) []setting {
	mode := entry(v, field{Name: "mode", Kind: "radio", Required: true, Wide: true}, &s.SignUp)
	s.SignUp = s.SignUpMode()
	var options []option
	for _, m := range []string{store.SignUpOpen, store.SignUpApproval, store.SignUpInvitation} {
		options = append(options, option{Value: m, Label: v.T("setup.mode." + m), Hint: v.T("setup.mode." + m + "_hint")})
	}
	mode.Groups = []optionGroup{{Options: options}}
	domains := entry(v, field{Name: "domaines", Kind: "textarea", Rows: 4, Max: 5000, Placeholder: "mairie-mende.exemple"}, nil)
	domains.list = &s.Domains
	return []setting{mode, domains}
}

func houseTexts(_ *Pages, v *view, s *store.Settings) []setting {
	var out []setting
	texts := []*string{&s.TermsFR, &s.TermsEN, &s.RulesFR, &s.RulesEN}
	for i, name := range houseTextNames {
		out = append(out, entry(v, field{Name: name, Kind: "textarea", Rows: 10, Max: maxTyped}, texts[i]))
	}
	return out
}

// mendHouseTexts leaves the default text unsaid: it may get better with the program.
func mendHouseTexts(_ *Pages, _ *view, f *form) error {
	for _, name := range houseTextNames {
		typed := strings.ReplaceAll(f.Get(name), "\r\n", "\n")
		if typed == houseText(name) {
			typed = ""
		}
		f.Values.Set(name, typed)
	}
	return nil
}

func accessStatement(_ *Pages, v *view, s *store.Settings) []setting {
	a := &s.Access
	status := entry(v, field{Name: "etat", Kind: "radio", Required: true}, &a.Status)
	a.Status = firstOf(a.Status, essaim.AccessibilityNonCompliant)
	status.Groups = []optionGroup{{Options: schemeOptions(v, &essaim.AccessibilityStatuses)}}
	long := func(name string, text *string) setting {
		return entry(v, field{Name: name, Kind: "textarea", Rows: 3, Max: 5000}, text)
	}
	return []setting{status,
		entry(v, field{Name: "auditeur", Max: 200}, &a.Auditor), entry(v, field{Name: "taux", Max: 20}, &a.Rate), entry(v, field{Name: "audit_date", Kind: "date", Max: 10}, &a.Date),
		long("technologies", &a.Technologies), long("environnements", &a.Environments), long("pages_testees", &a.Pages), long("non_conformites", &a.Failures), long("exemptions", &a.Exemptions),
		entry(v, field{Name: "schema", Max: 500}, &a.Plan), entry(v, field{Name: "contact_accessibilite", Max: 200}, &a.Contact)}
}

func schemeOptions(v *view, s *essaim.Scheme) []option {
	var out []option
	for _, c := range s.Concepts {
		out = append(out, option{Value: c.ID, Label: v.Typo(s.Label(c.ID, v.Lang))})
	}
	return out
}
