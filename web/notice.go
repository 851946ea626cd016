package web

import (
	"net/http"

	"github.com/gorilla/mux"

	"essaim/internal/notice"
)

func (p *Pages) noticeRoutes() []route {
	return []route{{notice.StopPath + "{token}", p.stopLetters, getPost, always}}
}

// stopView is the page of the link that ends a sort of letters.
type stopView struct {
	What string
	Done bool
}

// stopLetters asks, then stops. Mail programs post without asking (RFC 8058): that stops at once.
func (p *Pages) stopLetters(r *http.Request, v *view) error {
	account, sort, err := p.Notice.ReadStop(mux.Vars(r)["token"])
	if err != nil {
		return err
	}
	s := &stopView{What: v.T("notice.stop." + string(sort))}
	v.Page, v.Title, v.Data = "stop", v.T("notice.stop.title"), s
	if r.Method != http.MethodPost {
		return nil
	}
	s.Done = true
	return p.Notice.Stop(r.Context(), account, sort)
}
