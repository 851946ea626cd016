package essaim

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ID names a row of this database: 41 bits of milliseconds since 2000 and 22 random ones, so that several nodes need no coordination and ids
// sort by time. In addresses it is 13 characters of base32. No id is 0, which stands for nobody; they last until 2069.
type ID int64

const (
	randomBits = 22
	alphabet   = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's, lower case: no i, l, o, u
	idLength   = 13
)

// The moments an id may carry: a backfilled past sorts in the past, but not before 2000.
const (
	epochMillis = 946684800000 // 2000-01-01
	mostMillis  = 1<<41 - 1
)

// NewID makes an id for something that happened at t, as known at now: the future is brought back to now, the deep past to 2000. A moment told to the
// second only, as most servers do, takes its milliseconds from now, so that what arrives in order stays in order and does not crowd one millisecond.
// random gives 64 random bits; a collision, one in four million within a millisecond, is answered by the caller with another try.
func NewID(t, now time.Time, random uint64) ID {
	ms := t.UnixMilli()
	if ms%1000 == 0 {
		ms += now.UnixMilli() % 1000
	}
	ms = min(ms, now.UnixMilli()) - epochMillis
	ms = min(max(ms, 1), mostMillis)
	return ID(ms<<randomBits | int64(random&(1<<randomBits-1)))
}

// Time returns the moment an id carries, to the millisecond.
func (id ID) Time() time.Time { return time.UnixMilli(int64(id)>>randomBits + epochMillis).UTC() }

// String writes an id as it stands in addresses.
func (id ID) String() string {
	var b [idLength]byte
	for i := idLength - 1; i >= 0; i-- {
		b[i] = alphabet[id&31]
		id >>= 5
	}
	return string(b[:])
}

// ErrBadID is returned for text that is not an id.
var ErrBadID = errors.New("not an id")

// ParseID reads what String wrote.
func ParseID(s string) (ID, error) {
	if len(s) != idLength {
		return 0, fmt.Errorf("%w: %d characters", ErrBadID, len(s))
	}
	var id ID
	for i := range idLength {
		d := strings.IndexByte(alphabet, s[i])
		if d < 0 || i == 0 && d > 7 {
			return 0, ErrBadID
		}
		id = id<<5 | ID(d)
	}
	return id, nil
}
