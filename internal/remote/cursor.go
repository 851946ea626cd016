package remote

import "encoding/json"

// cursor is where a walk stands: the page to read, the collections to read after it, and what finds out that a peer's pages go in a circle. It is
// kept as text in the job of the next page.
type cursor struct {
	URL  string   `json:"at,omitempty"`
	Then []string `json:"then,omitempty"`
	Read int      `json:"read,omitempty"` // pages of this collection so far
	// Brent's algorithm: a page met before is found again within three turns of its circle, with nothing kept but one address.
	Mark  string `json:"mark,omitempty"`
	Since int    `json:"since,omitempty"`
	Power int    `json:"power,omitempty"`
}

// maxPages ends a collection that never ends by itself (S36).
const maxPages = 5000

func cursorOver(collections []string) cursor {
	if len(collections) == 0 {
		return cursor{}
	}
	return cursor{URL: collections[0], Then: collections[1:], Mark: collections[0], Power: 1}
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
	if c.URL == "" {
		return ""
	}
	b, err := json.Marshal(c)
	if err != nil {
		return "" // strings and numbers always marshal
	}
	return string(b)
}

// after is where the walk stands once its page was read: at the next page, or at the next collection when there is none, when it was read before
// or when there were too many.
func (c cursor) after(next string) cursor {
	if next == "" || next == c.URL || next == c.Mark || c.Read+1 >= maxPages {
		return cursorOver(c.Then)
	}
	n := c
	n.URL, n.Read, n.Since = next, c.Read+1, c.Since+1
	if n.Since == n.Power {
		n.Mark, n.Power, n.Since = next, 2*n.Power, 0
	}
	return n
}
