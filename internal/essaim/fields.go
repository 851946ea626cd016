package essaim

import (
	"time"

	"essaim/federation/vocab"
)

// set, setList and setTime change a field only when there is something to set.
func set(field *string, v string) {
	if v != "" {
		*field = v
	}
}

func setList(field *[]string, v []string) {
	if len(v) > 0 {
		*field = v
	}
}

func setTime(field *time.Time, v time.Time) {
	if !v.IsZero() {
		*field = v
	}
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

const markdown = "text/markdown"

// sourceOf is the Markdown a text was made from (AP §3.3); "" when the document tells none.
func sourceOf(o *vocab.Object) string {
	if source := o.Object("source"); source != nil && source.String("mediaType") == markdown {
		return source.String("content")
	}
	return ""
}

func setSource(o *vocab.Object, source string) {
	if source != "" {
		o.SetObject("source", vocab.New("", "").SetString("content", source).SetString("mediaType", markdown))
	}
}
