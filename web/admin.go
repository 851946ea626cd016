package web

import "strings"

// AdminPages is the navigation of the administration: what the visitor may open. A subject adds its entry here.
func (v *view) AdminPages() []shortcut {
	var out []shortcut
	for _, x := range [][2]string{{"admin.title", "/admin"}, {"desk.title", "/admin/signalements"}, {"standings.title", "/admin/comptes"}, {"applications.title", "/admin/inscriptions"}, {"journal.title", "/admin/journal"}} {
		if v.User.Staff() {
			out = append(out, shortcut{Label: v.T(x[0]), Page: x[1]})
		}
	}
	if v.User.Admin() {
		out = append(out, shortcut{Label: v.T("admin.instance"), Page: "/admin/instance"})
	}
	path, _, _ := strings.Cut(v.Here, "?")
	for i := range out {
		out[i].Current = path == out[i].Page || out[i].Page != "/admin" && strings.HasPrefix(path, out[i].Page+"/")
	}
	return out
}
