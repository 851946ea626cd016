package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"essaim/internal/essaim"
)

// photographed is a form with a text and a file of some size.
func photographed(t *testing.T, size int) *http.Request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("texte", "Bonjour"); err != nil {
		t.Fatal(err)
	}
	file, err := w.CreateFormFile("image", "../../photo.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/publier", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// A form with a photograph is read for whoever brings a session, even one that has ended: the text is kept. Its temporary files go with the request.
// Others send only small ones.
func TestFormsWithFiles(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	s := newSite(t)
	for name, c := range map[string]struct {
		size   int
		cookie bool
		ok     bool
	}{
		"a photograph of a member":   {12 << 20, true, true},
		"more than four photographs": {maxUpload + 1, true, false},
		"a photograph of nobody":     {12 << 20, false, false},
		"a small file of nobody":     {1000, false, true},
	} {
		r := photographed(t, c.size)
		if c.cookie {
			r.AddCookie(&http.Cookie{Name: s.pages.sessionCookie(), Value: "of yesterday"})
		}
		forget, err := s.pages.readForm(httptest.NewRecorder(), r)
		if (err == nil) != c.ok || err != nil && essaim.CodeOf(err) != essaim.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (r.PostForm.Get("texte") != "Bonjour" || r.MultipartForm.File["image"][0].Size != int64(c.size)) {
			t.Errorf("%s: got %v, %v", name, r.PostForm, r.MultipartForm.File)
		}
		forget()
		left, err := os.ReadDir(folder)
		if err != nil || len(left) != 0 {
			t.Errorf("%s left %v: %v", name, left, err)
		}
	}
}
