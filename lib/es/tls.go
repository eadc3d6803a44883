package es

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// trust returns how the certificate of a server is checked.
func (o Options) trust() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: o.InsecureTLS}
	if o.InsecureTLS && o.Fingerprint != "" {
		return nil, errors.New("a fingerprint is given although any server is trusted: use only one")
	}
	if len(o.CA) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool() // this system has none
		}
		if !pool.AppendCertsFromPEM(o.CA) {
			return nil, errors.New("the CA file contains no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
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
		return p, fmt.Errorf("not a SHA-256 fingerprint (64 hexadecimal digits): %q", text)
	}
	return pin(sum), nil
}

// verify requires that the server's certificate is the pinned one or is signed
// by it. That the pinned certificate is sent along proves nothing: anyone can
// send the certificate of a CA.
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

var errFingerprint = errors.New("the server's certificate does not have the trusted fingerprint and is not signed by one that has")

// distrust returns the kind of a TLS error, or 0.
func distrust(err error) Kind {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var plain tls.RecordHeaderError
	switch {
	case errors.As(err, &authority):
		return UnknownAuthority
	case errors.As(err, &host):
		return WrongHost
	case errors.As(err, &invalid):
		return InvalidCertificate
	case errors.Is(err, errFingerprint):
		return WrongFingerprint
	case errors.As(err, &plain):
		return NoTLS
	}
	return 0
}
