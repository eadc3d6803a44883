package es

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// tlsServer answers with the credentials of each request.
func tlsServer(t *testing.T) (srv *httptest.Server, ca []byte, fingerprint string) {
	srv = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		_, _ = w.Write([]byte(`{"version":{"number":"` + r.Header.Get("Authorization") + `"}}`)) // the client tells
	}))
	t.Cleanup(srv.Close)
	sum := sha256.Sum256(srv.Certificate().Raw)
	return srv, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), hex.EncodeToString(sum[:])
}

func TestTrust(t *testing.T) {
	srv, ca, fingerprint := tlsServer(t)
	colons := strings.ToUpper(fingerprint[:2] + ":" + fingerprint[2:])
	for name, tt := range map[string]struct {
		o    Options
		hint string // part of what to do; "": it is trusted
	}{
		"nobody":            {Options{}, "give that with --ca FILE"},
		"its CA":            {Options{CA: ca}, ""},
		"its certificate":   {Options{Fingerprint: fingerprint}, ""},
		"with colons":       {Options{Fingerprint: colons}, ""},
		"another":           {Options{Fingerprint: strings.Repeat("ab", 32)}, "was renewed"},
		"another, and a CA": {Options{Fingerprint: strings.Repeat("ab", 32), CA: ca}, "was renewed"},
		"anybody":           {Options{InsecureTLS: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tt.o.URLs = []string{srv.URL}
			c, err := Connect(tt.o)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Ask(t.Context())
			if (err == nil) != (tt.hint == "") || err != nil && !strings.Contains(Remedy(err), tt.hint) {
				t.Errorf("%v; to do: %q, want %q", err, Remedy(err), tt.hint)
			}
		})
	}
}

func TestTrustOfAnotherName(t *testing.T) {
	srv, ca, _ := tlsServer(t)
	c, err := Connect(Options{URLs: []string{strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)}, CA: ca})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.Ask(t.Context()); err == nil || !strings.Contains(Remedy(err), "for another name") {
		t.Errorf("%v; to do: %q", err, Remedy(err))
	}
}

func TestCredentials(t *testing.T) {
	srv, ca, _ := tlsServer(t)
	for want, o := range map[string]Options{
		"":                   {},
		"Basic dTpw":         {User: "u", Password: "p"},
		"APIKey key":         {APIKey: "key"},
		"APIKey another key": {User: "u", Password: "p", APIKey: "another key"},
	} {
		o.URLs, o.CA = []string{srv.URL}, ca
		c, err := Connect(o)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Ask(t.Context()); err != nil || got.Version != want {
			t.Errorf("%+v: sent %q, %v; want %q", o, got.Version, err, want)
		}
	}
}

func TestConnectRefuses(t *testing.T) {
	for want, o := range map[string]Options{
		"no address of Elasticsearch":                   {},
		`not an Elasticsearch address: "...@host:9200"`: {URLs: []string{"u:secret@host:9200"}},
		`not an Elasticsearch address: "ftp://host"`:    {URLs: []string{DefaultURL, "ftp://host"}},
		"no certificate in the file of the CA":          {URLs: []string{DefaultURL}, CA: []byte("noise")},
		`not a fingerprint: "abc"`:                      {URLs: []string{DefaultURL}, Fingerprint: "abc"},
		`not a cloud id: "x:y"`:                         {CloudID: "x:y"},
	} {
		if _, err := Connect(o); err == nil || err.Error() != want {
			t.Errorf("error %q, want %q", err, want)
		}
	}
	c, err := Connect(Options{CloudID: "name:aG9zdC5leGFtcGxlOjQ0MyRhYmMkZGVm"})
	if err != nil || c.Address() != "https://abc.host.example:443" || !c.Remote() {
		t.Errorf("cloud: %v, %v", c, err)
	}
}
