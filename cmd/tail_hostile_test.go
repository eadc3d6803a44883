package cmd_test

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// hostile is a misbehaving server, and what wm-tail says about it before it gives
// up.
type hostile struct {
	name  string
	serve func(conn net.Conn) // after the request was read
	args  []string
	want  []string
}

const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

const goodFrame = "event: message\nid: [{\"topic\":\"eqiad.x\",\"partition\":0,\"timestamp\":1001}]\n" +
	"data: {\"meta\":{\"id\":\"a\",\"topic\":\"eqiad.x\",\"partition\":0,\"offset\":5}}\n\n"

// endlessly repeats a text: 256 MiB, or what wm-tail reads in 3 s. After a
// connection of 5 s it would reconnect at once instead of giving up.
func endlessly(conn net.Conn, text string) {
	block := bytes.Repeat([]byte(text), 64<<10/len(text))
	end := time.Now().Add(3 * time.Second)
	for sent := 0; sent < 256<<20 && time.Now().Before(end); sent += len(block) {
		if _, err := conn.Write(block); err != nil {
			return
		}
	}
}

var hostiles = []hostile{
	{"an endless header", func(c net.Conn) { endlessly(c, "X-A: b\r\n") }, nil, []string{"server response headers exceeded"}},
	{"an endless line of a header", func(c net.Conn) { endlessly(c, "x") }, nil, []string{"server response headers exceeded"}},
	{"an endless line", func(c net.Conn) { fmt.Fprint(c, streamHead); endlessly(c, "x") }, nil, []string{"connection closed"}},
	{"endless data", func(c net.Conn) { fmt.Fprint(c, streamHead+"data: {"); endlessly(c, "y") }, nil, []string{"connection closed"}},
	{"endless comments", func(c net.Conn) {
		fmt.Fprint(c, streamHead)
		endlessly(c, ": nothing new, but still here, and again: nothing\n")
	}, nil, []string{"connection closed"}},
	{"comments without a word", func(c net.Conn) { fmt.Fprint(c, streamHead); endlessly(c, ":\n") }, nil, []string{"connection closed"}},
	{"endless refusal", func(c net.Conn) {
		fmt.Fprint(c, "HTTP/1.1 503 Busy\r\n\r\n")
		endlessly(c, "z")
	}, nil, []string{"server answers 503 Busy: zzzz"}},
	{"a body that is compressed", func(c net.Conn) {
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n")
		w := gzip.NewWriter(c)
		fmt.Fprint(w, goodFrame)
		w.Close()
	}, nil, []string{`server sends a body in "gzip", which was not requested`}},
	{"another protocol", func(c net.Conn) { fmt.Fprint(c, "SSH-2.0-OpenSSH_9.2\r\n") }, nil, []string{"malformed HTTP"}},
	{"no answer", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, []string{"--idle", "1s"}, []string{"no answer within 1s"}},
	{"silence", func(c net.Conn) { fmt.Fprint(c, streamHead); _, _ = io.Copy(io.Discard, c) }, []string{"--idle", "1s"}, []string{"server sent nothing for 1s"}},
	{"a redirect to another host", func(c net.Conn) {
		fmt.Fprint(c, "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/v2/stream/recentchange\r\n\r\n")
	}, nil, []string{"server redirects to http://192.0.2.1/v2/stream/recentchange: not followed", "hint: give that address with --url"}},
	{"a redirect in a circle", func(c net.Conn) {
		fmt.Fprint(c, "HTTP/1.1 302 Found\r\nLocation: /v2/stream/recentchange\r\n\r\n")
	}, nil, []string{"server redirects more than 5 times"}},
}

// Whatever a server sends, wm-tail neither crashes nor grows, and reports what is
// wrong.
func TestTailOnHostileServers(t *testing.T) {
	for _, h := range hostiles {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			url := rawServer(t, h.serve)
			tail := cmdtest.NewTail(t, append([]string{"--url", url, "--retry-for", "1ms"}, h.args...)...)
			peak := cmdtest.PeakMemory(t, tail.Cmd)
			cmdtest.ExpectExit(t, tail.ProcessState.ExitCode(), 2, tail.ErrBuf.String())
			cmdtest.Contains(t, tail.ErrBuf.String(), h.want...)
			if strings.Contains(tail.ErrBuf.String(), "goroutine") || strings.Count(tail.ErrBuf.String(), "\n") > 4 {
				t.Errorf("says %s", &tail.ErrBuf)
			}
			if tail.OutBuf.Len() > 0 {
				t.Errorf("prints %.200q", &tail.OutBuf)
			}
			if peak > 64<<20 {
				t.Errorf("took %d MiB of memory", peak>>20)
			}
		})
	}
}

// rawServer answers each connection once its request has come.
func rawServer(t *testing.T, serve func(net.Conn)) (url string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				var request [4096]byte
				if _, err := conn.Read(request[:]); err == nil {
					serve(conn)
				}
			}()
		}
	}()
	return "http://" + ln.Addr().String()
}

// Bytes that are not text pass through unchanged; what is not an object is
// reported with its place and skipped, and the stream continues.
func TestTailPassesOddBytes(t *testing.T) {
	odd := "data: {\"a\":\"\xff\xfe\x00\u2028\"}\n\n"
	url := rawServer(t, func(c net.Conn) {
		fmt.Fprint(c, streamHead+goodFrame+odd+"data: [1]\n\n"+"id: [{\"topic\":\"eqiad.x\",\"partition\":0,\"timestamp\":1003}]\n"+
			"data: {\"meta\":{\"id\":\"b\",\"topic\":\"eqiad.x\",\"partition\":0,\"offset\":6},\"x\":\""+strings.Repeat("x", 5000)+"\"}\n\n"+
			strings.NewReplacer("1001", "1004", `"a"`, `"c"`, ":5}", ":7}").Replace(goodFrame))
	})
	lines, stderr, code := cmdtest.RunTail(t, "--url", url, "-n", "3", "--max-event", "4KiB")
	cmdtest.ExpectExit(t, code, 2, stderr) // something was skipped
	cmdtest.Contains(t, stderr, "/v2/stream/recentchange: event of 3 bytes is not a JSON object: skipped",
		"wm-tail: eqiad.x:6: event of 51", "is larger than the limit of 4096: skipped", "3 events in", "2 skipped")
	want := []string{"{\"meta\":{\"id\":\"a\",\"topic\":\"eqiad.x\",\"partition\":0,\"offset\":5}}", odd[6 : len(odd)-2],
		"{\"meta\":{\"id\":\"c\",\"topic\":\"eqiad.x\",\"partition\":0,\"offset\":7}}"}
	if fmt.Sprintf("%q", lines) != fmt.Sprintf("%q", want) {
		t.Errorf("printed %q, want %q", lines, want)
	}
	if strings.Contains(stderr, "gap") {
		t.Errorf("skipped events count as missing: %s", stderr)
	}
}

// A server on this machine may redirect to another one; that is reported.
func TestTailFollowsRedirectsOnLoopback(t *testing.T) {
	target := rawServer(t, func(c net.Conn) { fmt.Fprint(c, streamHead+goodFrame) })
	url := rawServer(t, func(c net.Conn) {
		fmt.Fprintf(c, "HTTP/1.1 307 Elsewhere\r\nLocation: %s/v2/stream/recentchange\r\n\r\n", target)
	})
	lines, stderr, code := cmdtest.RunTail(t, "--url", url, "-n", "1")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.Contains(t, stderr, "redirects to "+target)
	if len(lines) != 1 {
		t.Errorf("printed %q", lines)
	}
}

func TestTailOnBadCertificates(t *testing.T) {
	now := time.Now()
	for _, tt := range []struct {
		name    string
		host    string
		until   time.Time
		trusted bool
		want    []string
	}{
		{"signed by an unknown authority", "127.0.0.1", now.Add(time.Hour), false, []string{"certificate signed by unknown authority", "hint: this machine does not trust the certificate"}},
		{"out of date", "127.0.0.1", now.Add(-time.Hour), true, []string{"certificate has expired", "hint: the certificate has expired, or the clock"}},
		{"for another name", "192.0.2.7", now.Add(time.Hour), true, []string{"not 127.0.0.1", "hint: the certificate is for another name"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, pem := tlsServer(t, tt.host, tt.until)
			tail := cmdtest.NewTail(t, "--url", url, "--retry-for", "1ms")
			tail.Env = os.Environ()
			if tt.trusted {
				tail.Env = append(tail.Env, "SSL_CERT_FILE="+pem)
			}
			_ = tail.Run() // the exit code is checked
			cmdtest.ExpectExit(t, tail.ProcessState.ExitCode(), 2, tail.ErrBuf.String())
			cmdtest.Contains(t, tail.ErrBuf.String(), tt.want...)
		})
	}
	plain := rawServer(t, func(c net.Conn) { fmt.Fprint(c, "HTTP/1.1 400 Bad Request\r\n\r\n") })
	_, stderr, code := cmdtest.RunTail(t, "--url", strings.Replace(plain, "http", "https", 1), "--retry-for", "1ms")
	cmdtest.ExpectExit(t, code, 2, stderr)
	cmdtest.Contains(t, stderr, "hint: the server does not use TLS on this port")
}

// tlsServer has a self-signed certificate, which it also writes to a file.
func tlsServer(t *testing.T, host string, until time.Time) (url, file string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: until.Add(-24 * time.Hour), NotAfter: until,
		IPAddresses: []net.IP{net.ParseIP(host)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = cmdtest.QuietLog()
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.URL, writePEM(t, der)
}
