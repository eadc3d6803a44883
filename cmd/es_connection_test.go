package cmd_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// guarded is a store that requires https and a user or a key, as a cluster does.
type guarded struct {
	url, ca, fingerprint string
	password             string // file
}

const (
	guardUser     = "elastic"
	guardPassword = "pass/w%rd, with all@of:it"
	guardKey      = "VnVhQ2ZHY0JDZGJrU"
)

func newGuarded(t *testing.T) guarded {
	t.Helper()
	target, err := url.Parse(cmdtest.NewStore(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if user == guardUser && password == guardPassword || r.Header.Get("Authorization") == "APIKey "+guardKey {
			proxy.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":{"type":"security_exception","reason":"unable to authenticate user [`+user+`]"},"status":401}`)
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // that clients refuse it is the point
	srv.StartTLS()
	t.Cleanup(srv.Close)
	cert := srv.Certificate().Raw
	sum := sha256.Sum256(cert)
	return guarded{
		url: srv.URL, fingerprint: hex.EncodeToString(sum[:]),
		ca:       cmdtest.WriteFile(t, "ca.crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})),
		password: cmdtest.WriteFile(t, "password", []byte(guardPassword+"\n")),
	}
}

// Every way to specify the server, the user and the secret works, and no error prints
// a secret.
func TestEsConnection(t *testing.T) {
	g := newGuarded(t)
	key := cmdtest.WriteFile(t, "key", []byte(guardKey+"\r\n"))
	wrong, empty := cmdtest.WriteFile(t, "wrong", []byte("wr0ng")), cmdtest.WriteFile(t, "empty", []byte("\n"))
	withUser := strings.Replace(g.url, "://", "://"+url.UserPassword(guardUser, guardPassword).String()+"@", 1)
	dead := "https://127.0.0.1:9"

	for name, tt := range map[string]struct {
		args string
		env  []string
		said string // on stderr; "": nothing, and it works
	}{
		"flags":            {"--es " + g.url + " --ca " + g.ca + " --user elastic --password-file " + g.password, nil, ""},
		"environment":      {"", []string{"WM_ES=" + g.url, "WM_ES_CA=" + g.ca, "WM_ES_USER=elastic", "WM_ES_PASSWORD=" + guardPassword}, ""},
		"in the address":   {"", []string{"WM_ES=" + withUser, "WM_ES_CA=" + g.ca}, ""},
		"key in a file":    {"--es " + g.url + " --fingerprint " + g.fingerprint + " --api-key-file " + key, nil, ""},
		"key":              {"--es " + g.url + " --fingerprint " + g.fingerprint, []string{"WM_ES_API_KEY=" + guardKey}, ""},
		"flag before env":  {"--es " + g.url, []string{"WM_ES=" + dead, "WM_ES_CA=" + g.ca, "WM_ES_API_KEY=" + guardKey}, ""},
		"nodes":            {"--es " + dead + " --es " + g.url, []string{"WM_ES_CA=" + g.ca, "WM_ES_API_KEY=" + guardKey}, ""},
		"nodes in one":     {"", []string{"WM_ES=" + dead + "," + withUser + "," + dead, "WM_ES_CA=" + g.ca}, ""},
		"insecure":         {"--insecure-tls --es " + withUser, nil, `--insecure-tls: anyone between here and the server can read`},
		"unknown CA":       {"--es " + withUser, nil, "trust that one with --ca FILE"},
		"another pin":      {"--es " + withUser + " --fingerprint " + strings.Repeat("0f", 32), nil, "was the certificate renewed"},
		"no http":          {"--es " + strings.Replace(withUser, "https:", "http:", 1), nil, "is this the address of Elasticsearch"},
		"no user":          {"--es " + g.url + " --ca " + g.ca, nil, "hint: log in with --user and WM_ES_PASSWORD"},
		"wrong password":   {"--es " + g.url + " --ca " + g.ca + " --user elastic --password-file " + wrong, nil, "unable to authenticate user [elastic]"},
		"no password":      {"--es " + g.url + " --user elastic", nil, "user elastic has no password"},
		"empty file":       {"--es " + g.url + " --user elastic --password-file " + empty, nil, "it must contain the secret and nothing else"},
		"no file":          {"--es " + g.url + " --api-key-file " + key + "/none", nil, "open "},
		"no CA":            {"--es " + g.url + " --ca " + key, nil, "the CA file contains no certificate"},
		"unescaped":        {"--es https://elastic:" + strings.Fields(guardPassword)[0] + "@127.0.0.1", nil, `not an Elasticsearch address: "...@127.0.0.1"`},
		"cloud or address": {"--cloud-id x:YSRi --es " + g.url, nil, "--es and --cloud-id name two servers"},
	} {
		t.Run(name, func(t *testing.T) {
			server := &cmdtest.SearchServer{URL: ""}
			for _, command := range []string{"count", "init-index"} {
				cmd, stderr := server.Command(t, nil, append([]string{command}, strings.Fields(tt.args)...)...)
				cmd.Env = append(os.Environ(), tt.env...)
				out, err := cmd.Output()
				works := tt.said == "" || name == "insecure"
				if (err == nil) != works || !strings.Contains(stderr.String(), tt.said) {
					t.Errorf("%s: %v: %s", command, err, stderr)
				}
				for _, secret := range []string{"w%rd", "w%25rd", guardKey, "wr0ng"} {
					if strings.Contains(stderr.String()+string(out), secret) {
						t.Errorf("%s: it prints %q: %s", command, secret, stderr)
					}
				}
			}
		})
	}
}
