package essaim

import "time"

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
