package es

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
)

// DefaultURL is where wm-store and Elasticsearch listen by default.
const DefaultURL = "http://127.0.0.1:9200"

// Options describe the server, the user and which certificates are trusted.
type Options struct {
	// URLs are the addresses of the nodes, such as http://127.0.0.1:9200. Each
	// may contain a user and a password. Required unless CloudID is set.
	URLs []string
	// CloudID is the id of an Elastic Cloud deployment, as its console shows it.
	CloudID string
	// User and Password, or APIKey, are sent with each request. Password also
	// belongs to a user in URLs that has none there.
	User, Password string
	APIKey         string
	// CA holds certificates in PEM form that are trusted in addition to the
	// system's.
	CA []byte
	// Fingerprint is the SHA-256 of the only trusted certificate, in hexadecimal
	// digits with or without colons. It may belong to the server's certificate or
	// to one that the server sends along and that signed it, such as its CA's.
	// Together with CA both must hold; without CA the host name is not checked.
	Fingerprint string
	// InsecureTLS trusts any server.
	InsecureTLS bool
	// Silence is how long a server may neither accept a part of a request nor
	// send a part of the answer; default DefaultSilence.
	Silence time.Duration
	// Transport, if set, carries the requests. CA, Fingerprint, InsecureTLS and
	// Silence have no effect then.
	Transport http.RoundTripper
}

// DefaultSilence is the default of Options.Silence.
const DefaultSilence = 2 * time.Minute

// maxIdle is how many idle connections to a node are kept: one for each worker.
// By default net/http closes all but two after each round.
const maxIdle = 16

// dialTimeout is how long a node may take to accept a connection.
const dialTimeout = 30 * time.Second

func (o Options) silence() time.Duration { return cmp.Or(o.Silence, DefaultSilence) }

// transport makes connections with a function.
func transport(dial dial, silence time.Duration) *http.Transport {
	tr := http.DefaultTransport.(*http.Transport).Clone()
	tr.DialContext = undivided(impatient(dial, silence))
	tr.WriteBufferSize = 64 << 10
	tr.MaxIdleConnsPerHost = maxIdle
	return tr
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
		return nil, errors.New("no address of Elasticsearch")
	}
	return urls, nil
}

// AddressError is the error of text that is not the URL of a node.
type AddressError struct {
	// Text is the address. Everything before its last @ is replaced by "...",
	// because it may contain a password.
	Text string
	// User reports that there was an @. Often the cause is a reserved character
	// in the password that is not percent-encoded.
	User bool
}

func (e *AddressError) Error() string { return fmt.Sprintf("not an Elasticsearch address: %q", e.Text) }

// parseAddress reads the address of a node.
func parseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") &&
		u.RawQuery == "" && u.Fragment == "" && !strings.Contains(u.Path, "@") {
		u.Path = strings.TrimRight(u.Path, "/") // request paths begin with a slash
		return u, nil
	}
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		return nil, &AddressError{"..." + text[at:], true}
	}
	return nil, &AddressError{text, false}
}

// cloudAddress decodes a cloud id: NAME:BASE64, where BASE64 encodes
// HOST$ELASTICSEARCH$KIBANA. HOST may have a port, and so may ELASTICSEARCH,
// whose port takes precedence.
func cloudAddress(id string) (*url.URL, error) {
	_, coded, _ := strings.Cut(id, ":")
	text, err := base64.StdEncoding.DecodeString(coded)
	parts := strings.Split(string(text), "$")
	if err != nil || len(parts) < 2 || parts[0] == "" || parts[1] == "" {
		return nil, fmt.Errorf("not a cloud id (NAME:BASE64): %q", id)
	}
	host, port, _ := strings.Cut(parts[0], ":")
	deployment, own, _ := strings.Cut(parts[1], ":")
	address := "https://" + deployment + "." + host
	if port = cmp.Or(own, port); port != "" {
		address += ":" + port
	}
	return url.Parse(address)
}
