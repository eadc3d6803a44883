package app

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

func TestListenRefuses(t *testing.T) {
	taken, err := Guard{}.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for address, want := range map[string]string{
		"9200":                "missing port",
		":9200":               "only loopback",
		"0.0.0.0:9200":        "only loopback",
		"192.0.2.1:9200":      "only loopback",
		taken.Addr().String(): "the port is in use",
	} {
		if ln, err := (Guard{}).Listen(address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: listener %v, error %v; want one with %q", address, ln, err, want)
		}
	}
	ln, err := Guard{Users: users(t)}.Listen("0.0.0.0:0")
	if err != nil {
		t.Fatalf("with users any address is allowed: %v", err)
	}
	ln.Close()
}

// users are ann, whose password is "secret", and bob, whose is "hush".
func users(t *testing.T) *Users {
	t.Helper()
	text := "# who may use it\n\n"
	for name, password := range map[string]string{"ann": "secret", "bob": "hush"} {
		hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		text += name + ":" + strings.Replace(string(hash), "$2a$", "$2y$", 1) + "\n" // as htpasswd writes it
	}
	u, err := ReadUsers(userFile(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func userFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestReadUsersRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                       ": no users",
		"# nobody\n":             ": no users",
		"ann:secret\n":           ":1: not a line NAME:HASH with a bcrypt hash",
		"\nann:{SHA}abc\n":       ":2: not a line NAME:HASH with a bcrypt hash",
		"ann\n":                  ":1: not a line",
		strings.Repeat("x", 1e5): "too long",
	} {
		if _, err := ReadUsers(userFile(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: error %v, want one with %q", text, err, want)
		}
	}
}

// guarded is the status that a guard gives to a request.
func guarded(g Guard, change func(*http.Request)) int {
	h := g.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Host = "localhost:9200"
	change(r)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestGuardChecksHost(t *testing.T) {
	named := Guard{Hosts: []string{"wm.example"}}
	open := Guard{Users: users(t)}
	tests := []struct {
		guard Guard
		host  string
		want  int
	}{
		{Guard{}, "localhost", 418}, {Guard{}, "localhost:9200", 418}, {Guard{}, "127.0.0.1:9200", 418}, {Guard{}, "[::1]:9200", 418},
		{Guard{}, "[::1]", 418}, {Guard{}, "127.9.9.9", 418}, {Guard{}, "evil.example", 403}, {Guard{}, "evil.example:9200", 403},
		{Guard{}, "127.0.0.1.evil.example", 403}, {Guard{}, "", 403}, {Guard{}, "192.0.2.1", 403},
		{named, "WM.example:9200", 418}, {named, "localhost", 418}, {named, "evil.example", 403},
		{open, "anything.example", 418}, {Guard{Users: open.Users, Hosts: named.Hosts}, "anything.example", 403},
	}
	for _, tt := range tests {
		got := guarded(tt.guard, func(r *http.Request) { r.Host = tt.host; r.SetBasicAuth("ann", "secret") })
		if got != tt.want {
			t.Errorf("%v, host %q: %d, want %d", tt.guard.Hosts, tt.host, got, tt.want)
		}
	}
}

func TestGuardChecksOrigin(t *testing.T) {
	for origin, want := range map[string]int{
		"http://localhost:9200": 418, "https://localhost:9200": 418, "http://localhost:8080": 403, "http://evil.example": 403, "null": 403, "file://": 403,
	} {
		if got := guarded(Guard{}, func(r *http.Request) { r.Header.Set("Origin", origin) }); got != want {
			t.Errorf("origin %q: %d, want %d", origin, got, want)
		}
	}
}

func TestGuardChecksUsers(t *testing.T) {
	g := Guard{Users: users(t)}
	if got := guarded(g, func(*http.Request) {}); got != 401 {
		t.Errorf("without credentials: %d", got)
	}
	tests := []struct {
		name, password string
		want           int
	}{{"ann", "secret", 418}, {"ann", "secret", 418}, {"bob", "hush", 418}, {"ann", "hush", 401}, {"ann", "", 401}, {"carl", "secret", 401}, {"", "", 401}}
	for _, tt := range tests {
		if got := guarded(g, func(r *http.Request) { r.SetBasicAuth(tt.name, tt.password) }); got != tt.want {
			t.Errorf("%s:%s: %d, want %d", tt.name, tt.password, got, tt.want)
		}
	}
}

func TestParseHosts(t *testing.T) {
	if hosts, err := ParseHosts("A.example,b"); err != nil || strings.Join(hosts, " ") != "a.example b" {
		t.Errorf("%q, %v", hosts, err)
	}
	for _, bad := range []string{",", "a,", "a b", "http://a", "*"} {
		if hosts, err := ParseHosts(bad); err == nil {
			t.Errorf("%q: %q", bad, hosts)
		}
	}
}
