package vocab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-fed/activity/streams"
)

// Bounds of G13: what go-fed/activity is given is smaller and flatter than what we accept on the wire.
const (
	maxCoreBody  = 256 << 10
	maxCoreDepth = 16
)

// ErrNotCore tells that a document is not one go-fed/activity will judge: too large, too deep or of a type outside its vocabulary.
var ErrNotCore = errors.New("not a core document")

// CheckCore has go-fed/activity/streams read a document, as a second opinion on its well-formedness: for inbound core types that we do not
// decode ourselves, and in tests for every document we emit. It decides nothing about authority (G14) and its output is dropped (G15). A
// panic of the library is an error here (G12).
func CheckCore(o *Object) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: the vocabulary library panicked: %v", ErrMalformed, r)
		}
	}()
	if o.depth() > maxCoreDepth {
		return fmt.Errorf("%w: deeper than %d levels", ErrNotCore, maxCoreDepth)
	}
	doc := o.Bytes()
	if len(doc) > maxCoreBody {
		return fmt.Errorf("%w: larger than %d bytes", ErrNotCore, maxCoreBody)
	}
	var m map[string]any
	if err := json.Unmarshal(doc, &m); err != nil {
		return malformed("not JSON")
	}
	m["type"] = o.Type()
	if m["@context"] == nil {
		m["@context"] = activityStreams // G16
	}
	if _, err := streams.ToType(context.Background(), m); err != nil {
		if streams.IsUnmatchedErr(err) {
			return fmt.Errorf("%w: type %q", ErrNotCore, o.Type())
		}
		return fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	return nil
}

func (o *Object) depth() int {
	d := 0
	for _, f := range o.fields {
		if f.key != "@context" {
			d = max(d, depthOf(f.val))
		}
	}
	return d + 1
}

func depthOf(v value) int {
	switch v := v.(type) {
	case *Object:
		return v.depth()
	case list:
		d := 0
		for _, e := range v {
			d = max(d, depthOf(e))
		}
		return d + 1
	}
	return 0
}
