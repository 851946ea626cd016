package essaim

import (
	"errors"
	"fmt"
)

// Code classes an error for whoever must answer it: one place (httpx) turns codes into statuses, one (cmd) into exit codes.
type Code string

// The codes.
const (
	Invalid      Code = "invalid"      // what was asked makes no sense; Field says where
	Unauthorized Code = "unauthorized" // nobody we know asks
	Forbidden    Code = "forbidden"    // somebody we know may not
	NotFound     Code = "not_found"
	Gone         Code = "gone" // it was here and was deleted
	Conflict     Code = "conflict"
	Refused      Code = "refused"     // a remote server sent something we will not believe
	Unavailable  Code = "unavailable" // it may work later
	Internal     Code = "internal"
)

// Error is an error with a code, a sentence fit for people and the cause for the log (EX20).
type Error struct {
	Code     Code
	Field    string // the field at fault, for forms
	Sentence string
	Err      error
}

// Error gives the sentence and the cause.
func (e *Error) Error() string {
	s := e.Sentence
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Err != nil && e.Err.Error() != "" {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an error of a code; each %w wraps a cause.
func Errorf(code Code, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	e := &Error{Code: code, Sentence: err.Error()}
	switch err.(type) {
	case interface{ Unwrap() error }, interface{ Unwrap() []error }:
		e.Err = quiet{err}
	}
	return e
}

// FieldError says which field of a form or document is wrong, and why.
func FieldError(field, format string, args ...any) error {
	return &Error{Code: Invalid, Field: field, Sentence: fmt.Sprintf(format, args...)}
}

// CodeOf finds the code of an error; what has none is Internal, nil has none.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// quiet keeps a cause for errors.Is without repeating its text, which the sentence already holds.
type quiet struct{ error }

func (q quiet) Error() string { return "" }
func (q quiet) Unwrap() error { return q.error }
