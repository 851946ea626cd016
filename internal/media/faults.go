package media

import (
	"errors"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
)

// cause is the key of the message that says what is wrong with an upload, carried inside an essaim.Error so that a page says it in its own language.
type cause string

// Error is empty: the sentence of the error that carries it says everything.
func (cause) Error() string { return "" }

// fault makes the error of a message.
func fault(field, key string) error {
	return &essaim.Error{Code: essaim.Invalid, Field: field, Sentence: i18n.T(i18n.EN, key), Err: cause(key)}
}

// Key is the message (internal/i18n) that says an error of this package in any language; "" for other errors.
func Key(err error) string {
	if c, ok := errors.AsType[cause](err); ok {
		return string(c)
	}
	return ""
}
