package es

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/wmtools/wm/lib/event"
)

// trust returns how the certificate of a server is checked.
func (o Options) trust() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: o.InsecureTLS}
	if o.InsecureTLS && o.Fingerprint != "" {
		return nil, errors.New("a fingerprint, and any server is trusted: one of them")
	}
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
		want, err := parsePin(o.Fingerprint)
		if err != nil {
			return nil, err
		}
		config.InsecureSkipVerify = config.RootCAs == nil // then the fingerprint alone decides
		config.VerifyConnection = want.verify
	}
	return config, nil
}

// pin is the SHA-256 of a certificate.
type pin [sha256.Size]byte

func parsePin(text string) (p pin, err error) {
	sum, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(sum) != len(p) {
		return p, event.WithHint(fmt.Errorf("not a fingerprint: %q", text), "it is the SHA-256 of a certificate: 64 hexadecimal digits")
	}
	return pin(sum), nil
}

// verify demands that the server's certificate is the one that is pinned, or is
// signed by it. That the pinned one merely lies beside it proves nothing: anyone
// can send the certificate of a CA.
func (p pin) verify(cs tls.ConnectionState) error {
	own := cs.PeerCertificates[0]
	if sha256.Sum256(own.Raw) == p {
		return nil
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, cert := range cs.PeerCertificates[1:] {
		if sha256.Sum256(cert.Raw) == p {
			roots.AddCert(cert)
		} else {
			between.AddCert(cert)
		}
	}
	if _, err := own.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between}); err != nil {
		return errFingerprint
	}
	return nil
}

// errFingerprint says that the server is not the one that is trusted.
var errFingerprint = errors.New("the server's certificate neither has the fingerprint that is trusted nor is signed by one that has")

// distrust returns what to do about a server that is not trusted, or "". There
// is no use in waiting for it.
func distrust(err error) string {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var plain tls.RecordHeaderError
	switch {
	case errors.As(err, &authority):
		return "its certificate is signed by an unknown authority: give that with --ca FILE, or the certificate's --fingerprint"
	case errors.As(err, &host):
		return "its certificate is for another name: use that one in --es, or give the certificate's --fingerprint"
	case errors.As(err, &invalid):
		return "its certificate is out of date or not for servers, or the clock of this machine is wrong"
	case errors.Is(err, errFingerprint):
		return "look whether the certificate was renewed: --fingerprint must be that of the new one, or of a CA that the server sends along"
	case errors.As(err, &plain):
		return "the server speaks no TLS at this port: is it http instead of https?"
	}
	return ""
}
