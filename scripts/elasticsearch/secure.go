package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// account is a user of the file realm.
type account struct {
	name, role, password string
}

const admin = "admin"

// roles are the roles in addition to Elasticsearch's own. The writer has only the
// privileges that wm-es requires.
const roles = `writer:
  indices:
    - names: ["wm-*"]
      privileges: [create_doc, auto_configure]
`

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority() (*authority, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "wm test CA"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 1, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &authority{cert, key}, err
}

func (a *authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// issue makes a certificate for the loopback address, and its key.
func (a *authority) issue() (cert, key []byte, err error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: a.cert.NotBefore, NotAfter: a.cert.NotAfter,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, private.Public(), a.key)
	if err != nil {
		return nil, nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), err
}

func (c *cluster) caFile() string { return filepath.Join(c.dir, "ca.crt") }

func (c *cluster) passwordFile(u *account) string { return filepath.Join(c.dir, u.name+".password") }

func (c *cluster) password(name string) string {
	for _, u := range c.users {
		if u.name == name {
			return u.password
		}
	}
	return ""
}

// makeSecure makes the CA, a certificate and the users, in the configuration that
// each node copies.
func (c *cluster) makeSecure() error {
	ca, err := newAuthority()
	if err != nil {
		return err
	}
	c.trust(ca)
	cert, key, err := ca.issue()
	if err != nil {
		return err
	}
	c.users = []*account{{"writer", "writer", rand.Text()}, {admin, "superuser", rand.Text()}}
	var passwords, members []byte
	for _, u := range c.users {
		hash, err := bcrypt.GenerateFromPassword([]byte(u.password), bcrypt.MinCost)
		if err != nil {
			return err
		}
		passwords = append(passwords, u.name+":"+string(hash)+"\n"...)
		members = append(members, u.role+":"+u.name+"\n"...)
		if err := os.WriteFile(c.passwordFile(u), []byte(u.password+"\n"), 0o600); err != nil {
			return err
		}
	}
	config := func(file string) string { return filepath.Join(c.home, "config", file) }
	return errors.Join(
		os.WriteFile(c.caFile(), ca.pem(), 0o644),
		os.WriteFile(config("ca.crt"), ca.pem(), 0o644),
		os.WriteFile(config("node.crt"), cert, 0o644),
		os.WriteFile(config("node.key"), key, 0o600),
		os.WriteFile(config("roles.yml"), []byte(roles), 0o644),
		os.WriteFile(config("users"), passwords, 0o600),
		os.WriteFile(config("users_roles"), members, 0o600),
	)
}

// addTLS adds the settings of an encrypted cluster.
func addTLS(s settings) {
	for _, layer := range []string{"http", "transport"} {
		prefix := "xpack.security." + layer + ".ssl."
		s[prefix+"enabled"] = "true"
		s[prefix+"key"] = "node.key"
		s[prefix+"certificate"] = "node.crt"
		s[prefix+"certificate_authorities"] = "[ca.crt]"
	}
}
