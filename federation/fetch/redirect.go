package fetch

import (
	"errors"
	"net/http"
	"net/url"
)

// maxRedirect is how many hops a GET may take (S23).
const maxRedirect = 3

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// next is the address a redirect leads to, checked like the first one (S23).
func (c *Client) next(from *url.URL, location string, seen map[string]bool) (*url.URL, error) {
	refuse := func(kind Kind, err error) (*url.URL, error) {
		return nil, &Error{Kind: kind, URL: from.String(), Err: err}
	}
	if location == "" {
		return refuse(Redirect, errors.New("no Location"))
	}
	to, err := from.Parse(location)
	if err != nil {
		return refuse(Redirect, errors.New("unreadable Location"))
	}
	if to.Scheme != from.Scheme {
		return refuse(Redirect, errors.New("the scheme changes"))
	}
	if err := c.o.Guard.CheckURL(to); err != nil {
		return refuse(Refused, err)
	}
	if to, err = c.normal(to); err != nil {
		return nil, err
	}
	if seen[to.String()] {
		return refuse(Redirect, errors.New("in a circle"))
	}
	if len(seen) > maxRedirect {
		return refuse(Redirect, errors.New("too many"))
	}
	return to, nil
}
