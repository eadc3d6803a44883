package es

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
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
	// User and Password, or APIKey, go with each request.
	User, Password string
	APIKey         string
	// CA holds certificates in PEM form that are trusted besides those of the
	// system.
	CA []byte
	// Fingerprint is the SHA-256 of the one certificate that is trusted, among
	// those that the server sends: its own, and often that of its CA. It is in
	// hexadecimal digits, with or without colons.
	Fingerprint string
	// InsecureTLS trusts any server.
	InsecureTLS bool
}

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
	tr := http.DefaultTransport.(*http.Transport).Clone()
	tr.WriteBufferSize = 64 << 10
	tr.ResponseHeaderTimeout = 2 * time.Minute
	tr.TLSClientConfig = trust
	return newClient(urls, tr, o.credentials()...)
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
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			// A password may be in what cannot be read as an address.
			if at := strings.LastIndexByte(address, '@'); at >= 0 {
				address = "..." + address[at:]
			}
			return nil, event.WithHint(fmt.Errorf("not an Elasticsearch address: %q", address), "write it like "+DefaultURL)
		}
		urls = append(urls, u)
	}
	if len(urls) == 0 {
		return nil, event.WithHint(errors.New("no address of Elasticsearch"), "write it like "+DefaultURL)
	}
	return urls, nil
}

// cloudAddress reads NAME:BASE64, where the latter is HOST$ELASTICSEARCH$KIBANA.
func cloudAddress(id string) (*url.URL, error) {
	_, coded, _ := strings.Cut(id, ":")
	text, err := base64.StdEncoding.DecodeString(coded)
	parts := strings.Split(string(text), "$")
	if err != nil || len(parts) < 2 || parts[0] == "" || parts[1] == "" {
		return nil, event.WithHint(fmt.Errorf("not a cloud id: %q", id), "copy it from the deployment's page: NAME:BASE64")
	}
	return url.Parse("https://" + parts[1] + "." + parts[0])
}

// trust returns the configuration of TLS; nil: as the system has it.
func (o Options) trust() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: o.InsecureTLS}
	if len(o.CA) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool() // this system has none
		}
		if !pool.AppendCertsFromPEM(o.CA) {
			return nil, event.WithHint(errors.New("no certificate in the file of the CA"), "it must be in PEM form: -----BEGIN CERTIFICATE-----")
		}
		config.RootCAs = pool
	}
	if o.Fingerprint != "" {
		want, err := hex.DecodeString(strings.ReplaceAll(o.Fingerprint, ":", ""))
		if err != nil || len(want) != sha256.Size {
			return nil, event.WithHint(fmt.Errorf("not a fingerprint: %q", o.Fingerprint), "it is the SHA-256 of a certificate: 64 hexadecimal digits")
		}
		config.InsecureSkipVerify = true // the fingerprint says more than any chain
		config.VerifyConnection = func(state tls.ConnectionState) error { return verify(want, state.PeerCertificates) }
	}
	return config, nil
}

// errFingerprint says that the server is not the one that is trusted.
var errFingerprint = errors.New("no certificate of the server has the fingerprint that is trusted")

func verify(want []byte, chain []*x509.Certificate) error {
	for _, cert := range chain {
		if sum := sha256.Sum256(cert.Raw); bytes.Equal(sum[:], want) {
			return nil
		}
	}
	return errFingerprint
}

// distrust returns what to do about a server that is not trusted, or "". There
// is no use in waiting for it.
func distrust(err error) string {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &authority):
		return "its certificate is signed by an unknown authority: give that with --ca FILE, or the certificate's --fingerprint"
	case errors.As(err, &host):
		return "its certificate is for another name: use that one in --es, or give the certificate's --fingerprint"
	case errors.As(err, &invalid):
		return "its certificate is out of date or not for servers, or the clock of this machine is wrong"
	case errors.Is(err, errFingerprint):
		return "look whether the certificate was renewed: --fingerprint must be that of the new one, or of a CA that the server sends along"
	case errors.Is(err, http.ErrSchemeMismatch):
		return "the server speaks no TLS at this port: is it http instead of https?"
	}
	return ""
}
