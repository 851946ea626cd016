package essaim

import (
	"regexp"
	"slices"
)

var handleForm = regexp.MustCompile(`^[a-z0-9_]{1,30}$`)

// usedHandles belong to the instance or to nobody: they would be taken for an office.
var usedHandles = []string{InstanceHandle, "actor", "admin", "administrateur", "administrator", "root", "postmaster", "abuse", "security", "support", "moderation", "moderateur"}

// CheckHandle tells whether a new actor may be called so (D3, TER5): letters, digits and underscore, 30 at most, none of the reserved ones.
func CheckHandle(handle string) error {
	if !handleForm.MatchString(handle) {
		return FieldError("preferredUsername", "a handle has 1 to 30 lower-case letters, digits or underscores")
	}
	if slices.Contains(usedHandles, handle) || ReservedHandle(handle) {
		return FieldError("preferredUsername", "the handle %q is reserved", handle)
	}
	return nil
}
