package remote

import "encoding/json"

// cursor is where a walk stands: where in a collection (federation/collection keeps what it needs to notice a circle), the collections to read after
// it, and how many pages of this one were read. It is kept as text in the job of the next page.
type cursor struct {
	At   string   `json:"at,omitempty"`
	Then []string `json:"then,omitempty"`
	Read int      `json:"read,omitempty"`
}

// maxPages ends a collection that never ends by itself (S36).
const maxPages = 5000

func cursorOver(collections []string) cursor {
	if len(collections) == 0 {
		return cursor{}
	}
	return cursor{At: collections[0], Then: collections[1:]}
}

func readCursor(s string) (c cursor, err error) {
	if s == "" {
		return c, nil
	}
	if err := json.Unmarshal([]byte(s), &c); err != nil {
		return cursor{}, refused("the cursor of the walk cannot be read: %w", err)
	}
	return c, nil
}

// String is what readCursor reads; "" for the end.
func (c cursor) String() string {
	if c.At == "" {
		return ""
	}
	b, err := json.Marshal(c)
	if err != nil {
		return "" // strings and numbers always marshal
	}
	return string(b)
}

// after is where the walk stands once a page was read: at the next one, or at the next collection when there is none or when at most so many pages
// are wanted (0 for all).
func (c cursor) after(next string, most int) cursor {
	read := c.Read + 1
	if next == "" || read >= maxPages || most > 0 && read >= most {
		return cursorOver(c.Then)
	}
	return cursor{At: next, Then: c.Then, Read: read}
}
