package es

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// tlsServer answers with the credentials of each request.
func tlsServer(t *testing.T) (srv *httptest.Server, ca []byte, fingerprint string) {
	srv = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		_, _ = w.Write([]byte(`{"version":{"number":"` + r.Header.Get("Authorization") + `"}}`)) // shown by Ask
	}))
	t.Cleanup(srv.Close)
	sum := sha256.Sum256(srv.Certificate().Raw)
	return srv, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), hex.EncodeToString(sum[:])
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
		c, err := New(o)
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
		"no address of Elasticsearch":                                                   {},
		`not an Elasticsearch address: "...@host:9200"`:                                 {URLs: []string{"u:secret@host:9200"}},
		`not an Elasticsearch address: "ftp://host"`:                                    {URLs: []string{DefaultURL, "ftp://host"}},
		"the CA file contains no certificate in PEM form (-----BEGIN CERTIFICATE-----)": {URLs: []string{DefaultURL}, CA: []byte("noise")},
		`not a SHA-256 fingerprint (64 hexadecimal digits): "abc"`:                      {URLs: []string{DefaultURL}, Fingerprint: "abc"},
		`not a cloud id (NAME:BASE64): "x:y"`:                                           {CloudID: "x:y"},
	} {
		if _, err := New(o); err == nil || err.Error() != want {
			t.Errorf("error %q, want %q", err, want)
		}
	}
}

func TestConnectToCloud(t *testing.T) {
	for text, want := range map[string]string{
		"host.example$abc$def":       "https://abc.host.example",
		"host.example:443$abc$def":   "https://abc.host.example:443",
		"host.example$abc:9244$def":  "https://abc.host.example:9244",
		"host.example:443$abc:9244$": "https://abc.host.example:9244",
		"host.example:9243$abc":      "https://abc.host.example:9243",
		"host.example$abc$def:9245":  "https://abc.host.example",
	} {
		c, err := New(Options{CloudID: "name:" + base64.StdEncoding.EncodeToString([]byte(text))})
		if err != nil || c.Address() != want || !c.Remote() {
			t.Errorf("%s: %v, %v", text, c, err)
		}
	}
}

// The secret in an invalid address is not shown.
func TestConnectKeepsSecrets(t *testing.T) {
	const secret = "s3cr3t"
	for _, address := range []string{
		"http://u:9#" + secret + "@127.0.0.1:9", "http://u:9/" + secret + "@127.0.0.1:9", "http://u:9?" + secret + "@127.0.0.1:9",
		"http://u:" + secret + "%zz@127.0.0.1:9", "ftp://u:" + secret + "@127.0.0.1", "u:" + secret + "@127.0.0.1",
	} {
		_, err := New(Options{URLs: []string{address}})
		if err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "@127.0.0.1") {
			t.Errorf("%s: error %v", address, err)
		}
	}
}

// A server may have a path, with or without a final slash.
func TestAddressWithPath(t *testing.T) {
	for path, want := range map[string]string{"": "/wm/_count", "/": "/wm/_count", "/es": "/es/wm/_count", "/es/": "/es/wm/_count"} {
		asked := ""
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = r.URL.Path
			_, _ = w.Write([]byte(`{"count":1,"_shards":{"failed":0}}`))
		}))
		c, err := New(Options{URLs: []string{srv.URL + path}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), esapi.CountRequest{Index: []string{"wm"}}); err != nil || asked != want {
			t.Errorf("path %q: asked for %q, want %q; error %v", path, asked, want, err)
		}
		srv.Close()
	}
}

// The password belongs to the user in an address that has none.
func TestPasswordOfTheUserInTheAddress(t *testing.T) {
	srv, ca, _ := tlsServer(t)
	for user, want := range map[string]string{"u": "Basic dTpw", "u:own": "Basic dTpvd24="} {
		c, err := New(Options{URLs: []string{strings.Replace(srv.URL, "://", "://"+user+"@", 1)}, Password: "p", CA: ca})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Ask(t.Context()); err != nil || got.Version != want {
			t.Errorf("%s: sent %q, %v; want %q", user, got.Version, err, want)
		}
	}
}
