package app

import (
	"bufio"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"

	"golang.org/x/crypto/bcrypt"
)

// Users are the people who may use a server, with the bcrypt hashes of their
// passwords.
type Users struct {
	hashes map[string][]byte
	unused []byte // compared for unknown names, so that they take as long

	key   []byte // of the digests in known
	mu    sync.Mutex
	known map[[sha256.Size]byte]bool // digests of credentials that were right
}

// ReadUsers reads a file of lines NAME:HASH, as htpasswd -B writes it. Empty
// lines and lines that begin with # are skipped.
func ReadUsers(file string) (*Users, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	u := &Users{hashes: map[string][]byte{}, key: make([]byte, 32), known: map[[sha256.Size]byte]bool{}}
	rand.Read(u.key)
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, hash, _ := strings.Cut(line, ":")
		if _, err := bcrypt.Cost([]byte(hash)); err != nil || name == "" {
			return nil, &advice{fmt.Errorf("%s:%d: not a line NAME:HASH with a bcrypt hash", file, n), "htpasswd -B writes such lines"}
		}
		u.hashes[name], u.unused = []byte(hash), []byte(hash)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(u.hashes) == 0 {
		return nil, &advice{fmt.Errorf("%s: no users", file), "htpasswd -B writes lines NAME:HASH"}
	}
	return u, nil
}

// admit checks the credentials of a request. Hashing is slow by design, so that
// right credentials are remembered and wrong ones are checked one at a time.
func (u *Users) admit(r *http.Request) bool {
	name, password, ok := r.BasicAuth()
	if !ok {
		return false
	}
	digest := u.digest(name, password)
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.known[digest] {
		return true
	}
	hash, exists := u.hashes[name]
	if !exists {
		hash = u.unused
	}
	right := bcrypt.CompareHashAndPassword(hash, []byte(password)) == nil && exists
	if right {
		u.known[digest] = true
	}
	return right
}

func (u *Users) digest(name, password string) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, u.key)
	fmt.Fprintf(mac, "%s\x00%s", name, password)
	mac.Sum(sum[:0])
	return sum
}
