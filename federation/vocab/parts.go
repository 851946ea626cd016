package vocab

import "strings"

// Tag is a Mention or a Hashtag (AS §2.1; Hashtag is of the common extensions).
type Tag struct {
	Type, Name, Href string
}

// Limits of S37 on what is kept of one object.
const (
	maxTags        = 30
	maxMentions    = 50
	maxAttachments = 10
)

// ReadTags returns at most 30 hashtags and 50 mentions. A hashtag has no leading #, a bare string counts as one (federation §14).
func ReadTags(o *Object) (hashtags, mentions []Tag) {
	for _, it := range o.Items("tag") {
		if it.Doc == nil {
			if name := strings.TrimLeft(it.ID, "#"); name != "" && len(name) <= 100 && len(hashtags) < maxTags && !strings.ContainsAny(name, ":/ ") {
				hashtags = append(hashtags, Tag{Type: Hashtag, Name: name})
			}
			continue
		}
		t := Tag{Type: it.Doc.Type(), Name: it.Doc.String("name"), Href: it.Doc.String("href")}
		switch t.Type {
		case Hashtag:
			t.Href = webOnly(t.Href)
			if t.Name = strings.TrimLeft(strings.TrimSpace(t.Name), "#"); t.Name != "" && len(t.Name) <= 100 && len(hashtags) < maxTags {
				hashtags = append(hashtags, t)
			}
		case Mention:
			if webURL(t.Href) && len(mentions) < maxMentions {
				mentions = append(mentions, t)
			}
		}
	}
	return hashtags, mentions
}

// Picture is an image with its text alternative.
type Picture struct {
	URL, MediaType, Alt string
	Width, Height       int64
	Blurhash            string // what to show while it loads
}

// ReadPictures returns at most ten images, of attachment first, then of image, each address once (R10, federation §14).
func ReadPictures(o *Object) []Picture {
	var out []Picture
	seen := make(map[string]bool)
	for _, key := range []string{"attachment", "image"} {
		for _, it := range o.Items(key) {
			pic := readPicture(it, key == "image")
			if pic.URL != "" && !seen[pic.URL] && len(out) < maxAttachments {
				seen[pic.URL] = true
				out = append(out, pic)
			}
		}
	}
	return out
}

// readPicture reads one image; surely tells that only images stand where it was found, so that a bare address or an untyped object is one.
func readPicture(it Item, surely bool) Picture {
	p := it.Doc
	if p == nil {
		if surely {
			return Picture{URL: webOnly(it.ID)}
		}
		return Picture{}
	}
	pic := Picture{URL: p.Link("url"), MediaType: p.String("mediaType"), Alt: p.String("name")}
	if t := p.Type(); t != Image && !strings.HasPrefix(pic.MediaType, "image/") && !(surely && t == "") {
		return Picture{}
	}
	if pic.URL == "" {
		pic.URL = p.Link("href")
	}
	if pic.Alt == "" {
		pic.Alt = p.String("summary")
	}
	pic.Width, _ = p.Int("width")
	pic.Height, _ = p.Int("height")
	pic.Blurhash = p.String("blurhash")
	return pic
}

// Object makes the Image of a picture, complete for every peer (T8, T10): type, mediaType, url, name.
func (p Picture) Object() *Object {
	o := New(Image, "").SetString("mediaType", p.MediaType).SetString("url", p.URL)
	o.set("name", p.Alt) // a decorative image has an empty name, and T10 wants the property
	if p.Width > 0 && p.Height > 0 {
		o.SetInt("width", p.Width).SetInt("height", p.Height)
	}
	return o.SetString("blurhash", p.Blurhash)
}

// Property is a PropertyValue: on actors a name and a value in HTML, on events a propertyID and a scalar (T9).
type Property struct {
	Name, ID, Value string
}

// ReadProperties returns at most 50 PropertyValues of attachment.
func ReadProperties(o *Object) []Property {
	var out []Property
	for _, p := range o.Objects("attachment") {
		if p.Type() == PropertyValue && len(out) < 50 {
			out = append(out, Property{Name: p.String("name"), ID: p.String("propertyID"), Value: p.Scalar("value")})
		}
	}
	return out
}
