package mail

import (
	"mime"
	"strings"

	"essaim/internal/essaim"
)

func (a *Attachment) check() error {
	switch kind, _, err := mime.ParseMediaType(a.Type); {
	case err != nil || !strings.Contains(kind, "/") || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/"):
		return essaim.FieldError("attachment", "%q is not the media type of a file", a.Type)
	case line(a.Name, maxLine) != a.Name || a.Name == "" || strings.ContainsAny(a.Name, `/\"`):
		return essaim.FieldError("attachment", "an attached file needs a plain name")
	case len(a.Data) == 0 || len(a.Data) > maxAttachment:
		return essaim.FieldError("attachment", "an attached file holds between 1 and %d bytes, and this one %d", maxAttachment, len(a.Data))
	}
	return nil
}

// mediaType writes the type again, so that nothing but a media type reaches the header.
func (a *Attachment) mediaType() string {
	kind, params, err := mime.ParseMediaType(a.Type)
	if err != nil {
		return "application/octet-stream"
	}
	return mime.FormatMediaType(kind, params)
}
