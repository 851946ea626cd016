package fedtest

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
)

func answer(from, name string, handler http.Handler, f *fault, req *http.Request, body []byte) (*http.Response, error) {
	switch {
	case f != nil && f.err != nil:
		return nil, f.err
	case f != nil:
		header := http.Header{}
		if f.header != nil {
			header = f.header.Clone()
		}
		return response(req, f.status, header, nil), nil
	case handler == nil:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}}
	}
	type result struct {
		recorder *httptest.ResponseRecorder
		panicked any
	}
	done := make(chan result, 1)
	go func() {
		r := result{recorder: httptest.NewRecorder()}
		defer func() {
			r.panicked = recover()
			done <- r
		}()
		handler.ServeHTTP(r.recorder, serverRequest(from, name, req, body))
	}()
	select {
	case <-req.Context().Done():
		return nil, req.Context().Err()
	case r := <-done:
		if r.panicked != nil {
			return nil, fmt.Errorf("fedtest: the handler of %s panicked: %v", name, r.panicked)
		}
		return response(req, r.recorder.Code, r.recorder.Result().Header, r.recorder.Body.Bytes()), nil
	}
}

// serverRequest is the request as a server would have read it from the wire.
func serverRequest(from, name string, req *http.Request, body []byte) *http.Request {
	r := req.Clone(req.Context())
	r.URL = &url.URL{Path: req.URL.Path, RawPath: req.URL.RawPath, RawQuery: req.URL.RawQuery, ForceQuery: req.URL.ForceQuery}
	r.RequestURI = req.URL.RequestURI()
	if r.Host = req.Host; r.Host == "" {
		r.Host = name
	}
	r.Method = method(req)
	r.Header.Del("Host")
	for key, values := range r.Header {
		if len(values) == 0 {
			delete(r.Header, key) // what has no value is not on the wire
		}
	}
	if _, set := req.Header["User-Agent"]; !set {
		r.Header.Set("User-Agent", "Go-http-client/1.1")
	}
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	r.RemoteAddr = netip.AddrPortFrom(address(from), 40000).String()
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.GetBody, r.Response, r.Close = nil, nil, false
	if req.URL.Scheme == "https" {
		r.TLS = &tls.ConnectionState{HandshakeComplete: true, ServerName: strings.Split(name, ":")[0]}
	}
	return r
}

func response(req *http.Request, status int, header http.Header, body []byte) *http.Response {
	length := int64(len(body))
	if req.Method == http.MethodHead {
		body = nil
	}
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", status, http.StatusText(status)),
		StatusCode: status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: length,
		Request:       req,
	}
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}

// authority is the host of a request as Handle knows it, without the port that
// its scheme takes for granted.
func authority(u *url.URL) string {
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "https":
		return strings.TrimSuffix(host, ":443")
	case "http":
		return strings.TrimSuffix(host, ":80")
	}
	return host
}

// address is an address of the range kept for benchmarks that stays the same for one caller.
func address(from string) netip.Addr {
	sum := fnv.New32a()
	io.WriteString(sum, from)
	s := sum.Sum32()
	return netip.AddrFrom4([4]byte{198, 18 + byte(s>>16&1), byte(s >> 8), byte(s)})
}
