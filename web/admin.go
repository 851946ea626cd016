package web

import "strings"

// AdminPages is the navigation of the administration: what the visitor may open. A subject adds its entry here.
func (v *view) AdminPages() []shortcut {
	var out []shortcut
	if v.User.Admin() {
		out = append(out, shortcut{Label: v.T("admin.instance"), Page: "/admin/instance"})
	}
	path, _, _ := strings.Cut(v.Here, "?")
	for i := range out {
		out[i].Current = path == out[i].Page || strings.HasPrefix(path, out[i].Page+"/")
	}
	return out
}
