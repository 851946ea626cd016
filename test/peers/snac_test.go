package peers_test

import (
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// snac is a running snac2 with one user. It is driven by its command line and looked at in its store, which is plain
// JSON files; editing and deleting exist only as forms of its web page.
type snac struct {
	bin, data, url, password string
	*process
}

const snacUser = "user1"

func startSnac(t *testing.T) *snac {
	t.Helper()
	bin := filepath.Join(peer(t, "snac2"), "snac")
	port, data := freePort(t), filepath.Join(t.TempDir(), "snac")
	s := &snac{bin: bin, data: data, url: "http://127.0.0.1:" + port}

	initialise := command(t, "", nil, bin, "init", data)
	initialise.Stdin = strings.NewReader("127.0.0.1\n" + port + "\n127.0.0.1:" + port + "\n\n\n")
	if out, err := initialise.CombinedOutput(); err != nil {
		t.Fatalf("snac init: %v\n%s", err, out)
	}
	settings := filepath.Join(data, "server.json")
	raw, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	http := strings.NewReplacer(`"protocol": "https"`, `"protocol": "http"`, `"dbglevel": 0`, `"dbglevel": 1`).Replace(string(raw))
	if err := os.WriteFile(settings, []byte(http), 0o600); err != nil {
		t.Fatal(err)
	}
	password := regexp.MustCompile(`User password is (\S+)`).FindStringSubmatch(run(t, "", nil, bin, "adduser", data, snacUser))
	if password == nil {
		t.Fatal("snac adduser printed no password")
	}
	s.password = password[1]
	s.process = start(t, "snac", "", nil, bin, "httpd", data)
	s.answering(t, s.actor())
	return s
}

func (s *snac) actor() string { return s.url + "/" + snacUser }

// do runs one command for the user.
func (s *snac) do(t *testing.T, command string, args ...string) string {
	t.Helper()
	return run(t, "", nil, append([]string{s.bin, command, s.data, snacUser}, args...)...)
}

// note publishes and gives the address of the note.
func (s *snac) note(t *testing.T, words string) string {
	t.Helper()
	found := regexp.MustCompile(`"id": "([^"]+)/Create"`).FindStringSubmatch(s.do(t, "note", words))
	if found == nil {
		t.Fatal("snac note printed no activity")
	}
	return found[1]
}

// form sends one of the forms of the user's page.
func (s *snac) form(t *testing.T, page string, values url.Values) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, s.actor()+"/admin/"+page, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(snacUser, s.password)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("snac %s: %s", page, res.Status)
	}
}

func (s *snac) edit(t *testing.T, id, words string) {
	t.Helper()
	s.form(t, "note", url.Values{"edit_id": {id}, "content": {words}})
}

func (s *snac) delete(t *testing.T, id string) {
	t.Helper()
	s.form(t, "action", url.Values{"action": {"Delete"}, "id": {id}})
}

// stores tells whether any file under a folder of the store holds the text. Files come and go while it looks.
func (s *snac) stores(folder, text string) bool {
	found := false
	_ = filepath.WalkDir(filepath.Join(s.data, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || found {
			return nil
		}
		raw, err := os.ReadFile(path)
		found = err == nil && strings.Contains(strings.ReplaceAll(string(raw), `\/`, "/"), text)
		return nil
	})
	return found
}

func (s *snac) logs(t *testing.T, line string) {
	t.Helper()
	eventually(t, "snac logs "+line, func() bool { return strings.Contains(s.log.String(), line) })
}

// TestSnac2 runs the snac column of the matrix. Its one family of signatures is draft-cavage: each message of ours
// that it stores shows that this is what we send to a host that never signed otherwise (D7).
func TestSnac2(t *testing.T) {
	t.Parallel()
	s := startSnac(t)
	e := startEssaim(t)
	nolwenn := e.member(t, "nolwenn")
	project := nolwenn.project(t)
	followers := project + "/followers"

	t.Log("snac follows a project")
	s.do(t, "follow", project)
	s.logs(t, "confirmed follow from "+project)
	counts(t, "followers of the project", followers, 1)

	t.Log("a post of the project arrives at snac, is edited and deleted there")
	post := nolwenn.create(t, projectHandle, note("Les premiers trajets partagés commencent lundi"))
	eventually(t, "snac stores the post", func() bool { return s.stores("object", "premiers trajets partagés") })
	nolwenn.edit(t, projectHandle, post, "Les trajets partagés commencent mardi")
	eventually(t, "snac stores the edited post", func() bool { return s.stores("object", "commencent mardi") })

	t.Log("an event of the project arrives at snac")
	nolwenn.create(t, projectHandle, event("Rencontre des conducteurs bénévoles"))
	eventually(t, "snac stores the event", func() bool { return s.stores("object", "Rencontre des conducteurs bénévoles") })

	t.Log("a boost and its withdrawal change our counter, once each")
	shares := collectionOf(t, post, "shares")
	s.do(t, "boost", post)
	counts(t, "shares of the post", shares, 1)
	s.do(t, "unboost", post)
	counts(t, "shares of the post", shares, 0)

	nolwenn.post(t, projectHandle, doc{"type": "Delete", "object": post})
	eventually(t, "snac forgets the deleted post", func() bool { return !s.stores("object", "commencent mardi") })

	t.Log("a member follows snac's user")
	nolwenn.post(t, nolwenn.handle, doc{"type": "Follow", "object": s.actor()})
	eventually(t, "snac has our member among its followers", func() bool {
		return s.stores(filepath.Join("user", snacUser, "followers"), nolwenn.actor())
	})
	counts(t, "whom the member follows, once it has accepted", nolwenn.actor()+"/following", 1)

	t.Log("snac's note arrives here, is edited and deleted here")
	theirs := s.note(t, "bonjour depuis une autre instance #essaim")
	nolwenn.receives(t, "snac's note", func(a doc) bool {
		return text(a, "type") == "Create" && text(a, "object") == theirs && says(a, "bonjour depuis une autre instance")
	})
	s.edit(t, theirs, "bonsoir depuis une autre instance")
	eventually(t, "the edited note replaces the first text", func() bool {
		return nolwenn.shows(t, "bonsoir depuis") && !nolwenn.shows(t, "bonjour depuis")
	})
	s.delete(t, theirs)
	eventually(t, "the deleted note is gone", func() bool { return !nolwenn.shows(t, "bonsoir depuis") })

	t.Log("snac unfollows")
	s.do(t, "unfollow", project)
	counts(t, "followers of the project", followers, 0)

	for line := range strings.Lines(s.log.String()) {
		if low := strings.ToLower(line); strings.Contains(low, "error") || strings.Contains(low, "signature") {
			t.Errorf("snac complained: %s", strings.TrimSpace(line))
		}
	}
}
