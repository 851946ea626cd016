package i18n

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Entry is one message in both languages.
//
// {name} is replaced by an argument; arguments are given in the order in which
// the names first appear in French, and English may use them in another order.
// A message that depends on a count has two forms, singular || plural, chosen
// by the argument {n}:
//
//	{"project.count", "{n} projet || {n} projets", "{n} project || {n} projects"}
type Entry struct{ Key, FR, EN string }

// Table is a list of messages, usually all those of one part of the program.
type Table []Entry

// Catalog answers messages by key. It is immutable and safe for concurrent use.
type Catalog struct{ messages map[string]Entry }

// forms parts the singular from the plural.
const forms = "||"

// NewCatalog joins tables. It refuses a key that comes twice and an entry that
// Check finds faulty.
func NewCatalog(tables ...Table) (*Catalog, error) {
	c := &Catalog{messages: map[string]Entry{}}
	for _, t := range tables {
		for _, e := range t {
			if err := e.Check(); err != nil {
				return nil, err
			}
			if _, ok := c.messages[e.Key]; ok {
				return nil, fmt.Errorf("i18n: key %s comes twice", e.Key)
			}
			c.messages[e.Key] = e
		}
	}
	return c, nil
}

// builtin is the catalogue of the tables of this package. A fault in them is
// found by the tests; here a faulty entry would only be missing.
var builtin = sync.OnceValue(func() *Catalog {
	c := &Catalog{messages: map[string]Entry{}}
	for _, t := range Tables {
		for _, e := range t {
			c.messages[e.Key] = e
		}
	}
	return c
})

// Builtin returns the catalogue of every table in Tables.
func Builtin() *Catalog { return builtin() }

// T returns the built-in message key in lang, with its arguments in the order of
// the French text: T(FR, "note.project.phase", title, phase). Integers are
// grouped as the language writes them. An unknown key is returned as it is, and
// a missing argument leaves its name in braces, so that a page still shows
// something a developer can find. A language we do not speak gives French.
func T(lang Lang, key string, args ...any) string { return builtin().T(lang, key, args...) }

// Has tells whether key is known.
func (c *Catalog) Has(key string) bool { _, ok := c.messages[key]; return ok }

// Keys lists all keys, sorted.
func (c *Catalog) Keys() []string {
	keys := make([]string, 0, len(c.messages))
	for k := range c.messages {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// T is the package function T on this catalogue.
func (c *Catalog) T(lang Lang, key string, args ...any) string {
	e, ok := c.messages[key]
	if !ok {
		return key
	}
	text := e.FR
	if lang == EN {
		text = e.EN
	}
	if !strings.Contains(text, "{") {
		return text
	}
	order := names(e.FR)
	if one, many, ok := strings.Cut(text, forms); ok {
		text = strings.TrimSpace(many)
		if n, ok := count(order, args); ok && singular(lang, n) {
			text = strings.TrimSpace(one)
		}
	}
	return fill(lang, text, order, args)
}

// singular applies the CLDR rule of the language: in French 0 and 1 are
// singular, in English 1 alone.
func singular(lang Lang, n int64) bool {
	tag := language.French
	if lang == EN {
		tag = language.English
	}
	if n < 0 {
		n = -n
	}
	// Only 0 and 1 may be singular, so a large count need not be told apart.
	return plural.Cardinal.MatchPlural(tag, int(min(n, 1000)), 0, 0, 0, 0) == plural.One
}

func count(order []string, args []any) (int64, bool) {
	if i := slices.Index(order, "n"); i >= 0 && i < len(args) {
		return integer(args[i])
	}
	return 0, false
}

func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case int32:
		return int64(n), true
	}
	return 0, false
}

// fill replaces {name} in one pass, so that an argument that itself holds
// braces is left as it is.
func fill(lang Lang, text string, order []string, args []any) string {
	var b strings.Builder
	for {
		before, name, after, ok := nextName(text)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		switch i := slices.Index(order, name); {
		case i < 0 || i >= len(args):
			b.WriteString("{" + name + "}")
		default:
			b.WriteString(argument(lang, args[i]))
		}
		text = after
	}
}

func argument(lang Lang, v any) string {
	if n, ok := integer(v); ok {
		return Number(lang, n)
	}
	return fmt.Sprint(v)
}

// nextName parts a text around its first {name}; without one, before is the
// whole text.
func nextName(text string) (before, name, after string, ok bool) {
	before, rest, ok := strings.Cut(text, "{")
	if ok {
		name, after, ok = strings.Cut(rest, "}")
	}
	if !ok {
		return text, "", "", false
	}
	return before, name, after, true
}

// names lists the distinct names in braces, in order of first appearance.
func names(text string) []string {
	var out []string
	for {
		_, name, after, ok := nextName(text)
		if !ok {
			return out
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
		text = after
	}
}

// Check tells what is wrong with an entry: a missing language, placeholders or
// plural forms that differ between the languages.
func (e Entry) Check() error {
	switch {
	case e.Key == "":
		return fmt.Errorf("i18n: entry %q has no key", e.FR)
	case e.FR == "" || e.EN == "":
		return fmt.Errorf("i18n: %s lacks a language", e.Key)
	case strings.Count(e.FR, forms) != strings.Count(e.EN, forms), strings.Count(e.FR, forms) > 1:
		return fmt.Errorf("i18n: %s: plural forms differ", e.Key)
	case !slices.Equal(Placeholders(e.FR), Placeholders(e.EN)):
		return fmt.Errorf("i18n: %s: placeholders %v and %v differ", e.Key, Placeholders(e.FR), Placeholders(e.EN))
	}
	return nil
}

// Placeholders lists the distinct names in braces of a message, sorted.
func Placeholders(text string) []string {
	out := names(text)
	slices.Sort(out)
	return out
}
