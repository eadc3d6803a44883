package es

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"

	"github.com/wmtools/wm/lib/event"
)

// Options say where Elasticsearch is, who asks, and whom to trust.
type Options struct {
	// URLs are the addresses of nodes, such as http://127.0.0.1:9200, which take
	// turns; a user and a password may stand in each. Not with CloudID.
	URLs []string
	// CloudID names a deployment of Elastic Cloud, in the form that its console
	// shows.
	CloudID string
	// User and Password, or APIKey, go with each request. The password is also
	// that of a user who stands in an address without one.
	User, Password string
	APIKey         string
	// CA holds certificates in PEM form that are trusted besides those of the
	// system.
	CA []byte
	// Fingerprint is the SHA-256 of the one certificate that is trusted: that of
	// the server, or one that it sends along and that signed its own, as that of
	// a CA often is. It is in hexadecimal digits, with or without colons. With CA
	// both must hold; alone, the name in the certificate does not matter.
	Fingerprint string
	// InsecureTLS trusts any server.
	InsecureTLS bool
}

// maxIdle is how many connections to a node wait for the next request: one for
// each worker, where net/http would close all but two after each round.
const maxIdle = 16

// dialTimeout is how long a node may take to accept a connection.
const dialTimeout = 30 * time.Second

// Connect makes a client. It does not connect yet.
func Connect(o Options) (*Client, error) {
	urls, err := o.addresses()
	if err != nil {
		return nil, err
	}
	trust, err := o.trust()
	if err != nil {
		return nil, err
	}
	tr := transport((&net.Dialer{Timeout: dialTimeout}).DialContext)
	tr.TLSClientConfig = trust
	return newClient(urls, tr, o.credentials()...)
}

// transport makes connections by a function.
func transport(dial dial) *http.Transport {
	tr := http.DefaultTransport.(*http.Transport).Clone()
	tr.DialContext = undivided(impatient(dial))
	tr.WriteBufferSize = 64 << 10
	tr.MaxIdleConnsPerHost = maxIdle
	return tr
}

// New makes a client of one address, which may have a user and a password in
// it. It does not connect yet.
func New(address string) (*Client, error) { return Connect(Options{URLs: []string{address}}) }

func newClient(urls []*url.URL, tr http.RoundTripper, more ...elastictransport.Option) (*Client, error) {
	t, err := elastictransport.NewClient(append(more, elastictransport.WithURLs(urls...), elastictransport.WithTransport(tr),
		// Retrying is the caller's: only it knows which documents are still open.
		elastictransport.WithDisableRetry())...)
	if err != nil {
		return nil, fmt.Errorf("elasticsearch client: %w", err)
	}
	return &Client{urls: urls, transport: t}, nil
}

func (o Options) credentials() []elastictransport.Option {
	switch {
	case o.APIKey != "":
		return []elastictransport.Option{elastictransport.WithAPIKey(o.APIKey)}
	case o.User != "":
		return []elastictransport.Option{elastictransport.WithBasicAuth(o.User, o.Password)}
	}
	return nil
}

func (o Options) addresses() (urls []*url.URL, err error) {
	if o.CloudID != "" {
		u, err := cloudAddress(o.CloudID)
		return []*url.URL{u}, err
	}
	for _, address := range o.URLs {
		u, err := parseAddress(address)
		if err != nil {
			return nil, err
		}
		if _, own := u.User.Password(); u.User != nil && !own && o.Password != "" {
			u.User = url.UserPassword(u.User.Username(), o.Password)
		}
		urls = append(urls, u)
	}
	if len(urls) == 0 {
		return nil, event.WithHint(errors.New("no address of Elasticsearch"), "write it like "+DefaultURL)
	}
	return urls, nil
}

// parseAddress reads the address of a node. What cannot be one may have a
// password anywhere in front of its last @, which is not shown.
func parseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") &&
		u.RawQuery == "" && u.Fragment == "" && !strings.Contains(u.Path, "@") {
		u.Path = strings.TrimRight(u.Path, "/") // each request begins with one
		return u, nil
	}
	hint := "write it like " + DefaultURL
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		text = "..." + text[at:]
		hint = "in a password / ? # % and @ are written %2F %3F %23 %25 and %40; or give it in WM_ES_PASSWORD"
	}
	return nil, event.WithHint(fmt.Errorf("not an Elasticsearch address: %q", text), hint)
}

// cloudAddress reads NAME:BASE64, where the latter is HOST$ELASTICSEARCH$KIBANA.
// A port may stand behind HOST, and behind ELASTICSEARCH one that goes before it.
func cloudAddress(id string) (*url.URL, error) {
	_, coded, _ := strings.Cut(id, ":")
	text, err := base64.StdEncoding.DecodeString(coded)
	parts := strings.Split(string(text), "$")
	if err != nil || len(parts) < 2 || parts[0] == "" || parts[1] == "" {
		return nil, event.WithHint(fmt.Errorf("not a cloud id: %q", id), "copy it from the deployment's page: NAME:BASE64")
	}
	host, port, _ := strings.Cut(parts[0], ":")
	deployment, own, _ := strings.Cut(parts[1], ":")
	address := "https://" + deployment + "." + host
	if port = cmp.Or(own, port); port != "" {
		address += ":" + port
	}
	return url.Parse(address)
}
