package es

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// identity is a certificate with its key.
type identity struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// issue makes a certificate for a host name, or without an issuer that of a CA.
func issue(t *testing.T, issuer *identity, name string, life time.Duration) *identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(life), BasicConstraintsValid: true,
	}
	parent := &identity{template, key}
	if issuer != nil {
		parent = issuer
	} else {
		template.IsCA, template.KeyUsage = true, x509.KeyUsageCertSign
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.cert, key.Public(), parent.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &identity{cert, key}
}

func (i *identity) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.cert.Raw})
}

func (i *identity) fingerprint() string {
	sum := sha256.Sum256(i.cert.Raw)
	return hex.EncodeToString(sum[:])
}

// serveTLS starts a server with a certificate, which sends others along.
func serveTLS(t *testing.T, own *identity, along ...*identity) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"count":1,"_shards":{"failed":0}}`)
	}))
	chain := tls.Certificate{Certificate: [][]byte{own.cert.Raw}, PrivateKey: own.key}
	for _, i := range along {
		chain.Certificate = append(chain.Certificate, i.cert.Raw)
	}
	s.TLS = &tls.Config{Certificates: []tls.Certificate{chain}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // that clients refuse it is the point
	s.StartTLS()
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
}

// A server is trusted for its certificate alone. The error says why it is not.
func TestTrust(t *testing.T) {
	ca, other := issue(t, nil, "ca", time.Hour), issue(t, nil, "other ca", time.Hour)
	good := issue(t, ca, "localhost", time.Hour)
	foreign := issue(t, other, "localhost", time.Hour)
	goodURL := serveTLS(t, good, ca)
	colons := strings.ToUpper(good.fingerprint()[:2] + ":" + good.fingerprint()[2:])
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for name, tt := range map[string]struct {
		url  string
		o    Options
		kind Kind // 0: the server is trusted
	}{
		"by the CA":                        {goodURL, Options{CA: ca.pem()}, 0},
		"by its fingerprint":               {goodURL, Options{Fingerprint: colons}, 0},
		"by the fingerprint of the CA":     {goodURL, Options{Fingerprint: ca.fingerprint()}, 0},
		"by both":                          {goodURL, Options{Fingerprint: good.fingerprint(), CA: ca.pem()}, 0},
		"by the fingerprint, another name": {serveTLS(t, issue(t, ca, "elsewhere", time.Hour), ca), Options{Fingerprint: ca.fingerprint()}, 0},
		"blindly":                          {goodURL, Options{InsecureTLS: true}, 0},

		"unknown CA":                     {goodURL, Options{}, UnknownAuthority},
		"another CA":                     {goodURL, Options{CA: other.pem()}, UnknownAuthority},
		"another fingerprint":            {goodURL, Options{Fingerprint: other.fingerprint()}, WrongFingerprint},
		"the right CA lies beside":       {serveTLS(t, foreign, ca), Options{Fingerprint: ca.fingerprint()}, WrongFingerprint},
		"fingerprint right, CA wrong":    {goodURL, Options{Fingerprint: good.fingerprint(), CA: other.pem()}, UnknownAuthority},
		"CA right, fingerprint wrong":    {goodURL, Options{Fingerprint: foreign.fingerprint(), CA: ca.pem()}, WrongFingerprint},
		"another name":                   {serveTLS(t, issue(t, ca, "elsewhere", time.Hour), ca), Options{CA: ca.pem()}, WrongHost},
		"expired":                        {serveTLS(t, issue(t, ca, "localhost", -time.Hour), ca), Options{CA: ca.pem()}, InvalidCertificate},
		"expired, by the CA's signature": {serveTLS(t, issue(t, ca, "localhost", -time.Hour), ca), Options{Fingerprint: ca.fingerprint()}, WrongFingerprint},
		"no https there":                 {strings.Replace(plain.URL, "http:", "https:", 1), Options{}, NoTLS},
	} {
		t.Run(name, func(t *testing.T) {
			tt.o.URLs = []string{tt.url}
			c, err := New(tt.o)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Do(t.Context(), esapi.CountRequest{})
			if err == nil && tt.kind == 0 {
				return
			}
			if e, ok := errors.AsType[*Error](err); !ok || e.Kind() != tt.kind || e.Temporary() {
				t.Errorf("error %v, want kind %d", err, tt.kind)
			}
		})
	}
}

// A server of https closes a connection that speaks plain http.
func TestPlainToTLS(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer s.Close()
	c, err := New(Options{URLs: []string{s.URL}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Do(t.Context(), esapi.CountRequest{})
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind() != HungUp {
		t.Errorf("error %v", err)
	}
}
