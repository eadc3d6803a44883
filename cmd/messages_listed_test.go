//go:build unix

package cmd_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// messageList shows what users can provoke the programs to say. Its comment has
// entries: a command line after "$ ", what it writes to stderr, and its exit code
// unless that is 0. Its files are what the commands read; those in answers/ are
// HTTP responses, see messageServer.
const messageList = "../testdata/messages.txtar"

// Each command line of the list prints the messages that the list shows. With
// -update they are written there.
func TestMessages(t *testing.T) {
	t.Parallel()
	list, err := txtar.ParseFile(messageList)
	if err != nil {
		t.Fatal(err)
	}
	dir, env := messageWorld(t, list)
	head, entries, _ := strings.Cut("\n"+string(list.Comment), "\n$ ")
	shown := strings.Split(entries, "\n$ ")
	said := make([]string, len(shown))
	var running sync.WaitGroup
	limit := make(chan struct{}, 8)
	for i, entry := range shown {
		running.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			said[i] = sayAgain(t, entry, dir, env)
		})
	}
	running.Wait()
	for i, entry := range shown {
		if said[i] != entry && !*cmdtest.Update {
			t.Errorf("the list shows\n$ %s\nbut it is\n$ %s\nif that is intended, run make golden and review the diff", entry, said[i])
		}
	}
	if *cmdtest.Update {
		list.Comment = []byte(strings.TrimPrefix(head+"\n$ "+strings.Join(said, "\n$ "), "\n"))
		if err := os.WriteFile(messageList, txtar.Format(list), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// comments are the lines after an entry that belong to the list.
var comments = regexp.MustCompile(`(?s)\n(\n*(#.*)?)$`)

// sayAgain runs the command of an entry and returns the entry as it should be.
func sayAgain(t *testing.T, entry, dir string, env []string) string {
	command, _, _ := strings.Cut(entry, "\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Dir, cmd.Env, cmd.WaitDelay = dir, env, time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	_ = cmd.Run() // the exit code is part of the entry
	text := command + "\n" + normal(stderr.String(), dir)
	if code := cmd.ProcessState.ExitCode(); code != 0 {
		text += fmt.Sprintf("exit %d\n", code)
	}
	rest := ""
	if m := comments.FindStringSubmatch(entry); m != nil {
		rest = m[1]
	}
	return text + rest
}

// variable are the parts of messages that differ from run to run.
var variable = []struct {
	pattern     *regexp.Regexp
	replacement string
}{
	{regexp.MustCompile(`(127\.0\.0\.1|localhost):\d{5}`), "HOST"},
	{regexp.MustCompile(`(trying again in|working again after|answers in|ends in) [\dm.]+s`), "$1 TIME"},
	{regexp.MustCompile(` in [\d.]+s, [\d.]+ MiB/s`), " in 0.1s, 3 MiB/s"},
	{regexp.MustCompile(`[\w.]+ behind`), "TIME behind"},
	{regexp.MustCompile(`[\w ]+ ago\n`), " TIME ago\n"},
	{regexp.MustCompile(`is \d+ \w+ old`), "is 30 days old"},
	{regexp.MustCompile(`this machine's by [-\w.]+`), "this machine's by TIME"},
	{regexp.MustCompile(`documents, [\d.]+ MiB`), "documents, 1.0 MiB"},
	{regexp.MustCompile(`\b((events|requests|skipped \d+) in) [\d.]+s`), "$1 0.1s"},
	{regexp.MustCompile(`\b(says |clock .*it says )\d{4}-[\dT:-]+Z`), "${1}NOW"},
	{regexp.MustCompile(`process \d+`), "process PID"},
}

func normal(text, dir string) string {
	text = strings.ReplaceAll(text, dir, "DIR")
	for _, v := range variable {
		text = v.pattern.ReplaceAllString(text, v.replacement)
	}
	return text
}

// messageWorld is where the commands run: the files of the list and some events,
// the look-alike service at $STREAM, wm-store at $WM_ES with the index of those
// events, and the responses of the list at
// $HTTP and, with a certificate of 127.0.0.1 that only ca.pem trusts, at $TLS.
func messageWorld(t *testing.T, list *txtar.Archive) (dir string, env []string) {
	dir = t.TempDir()
	write := func(name string, text []byte) {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, text, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range list.Files {
		write(f.Name, f.Data)
	}
	events := simulate.New(1, simulate.Options{}).Take(300)
	var lines bytes.Buffer
	if err := simulate.WriteNDJSON(&lines, slices.Values(events)); err != nil {
		t.Fatal(err)
	}
	write("events.ndjson", lines.Bytes())
	stream := service.NewServer(service.New(service.Options{}))
	t.Cleanup(stream.Close)
	stream.Append(events...)
	store := cmdtest.NewStore(t)
	store.Index(t, bytes.NewReader(lines.Bytes()))
	responses := messageServer(t, filepath.Join(dir, "answers"), store.URL)
	plain, secure := httptest.NewServer(responses), httptest.NewUnstartedServer(responses)
	plain.Config.ErrorLog, secure.Config.ErrorLog = cmdtest.QuietLog(), cmdtest.QuietLog()
	secure.StartTLS()
	t.Cleanup(func() { plain.Close(); secure.Close() })
	write("ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}))
	return dir, []string{
		"PATH=" + cmdtest.Bin() + string(filepath.ListSeparator) + os.Getenv("PATH"), "HOME=" + dir, "TZ=UTC",
		"STREAM=" + stream.URL, "WM_ES=" + store.URL, "HTTP=" + plain.URL, "TLS=" + secure.URL,
	}
}

// messageServer answers /NAME/PATH, and what is sent to it as the proxy of NAME.example,
// with the response in the file NAME; an empty one never comes, and after one of a blank line the connection ends. If the file is called
// NAME@PART, that is only for paths that contain PART; wm-store answers the others. A NAME
// like 403.security_exception is an error of Elasticsearch, and bulk-403.security_exception one
// of each document.
func messageServer(t *testing.T, dir, store string) http.Handler {
	target, err := url.Parse(store)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(target)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "spec" {
			return // no list of streams
		}
		name, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if host, proxied := strings.CutSuffix(r.URL.Hostname(), ".example"); proxied {
			name = host
		}
		if code, kind, ok := strings.Cut(name, "."); ok {
			if code, bulk := strings.CutPrefix(code, "bulk-"); !bulk || strings.Contains(path, "_bulk") {
				answerTrouble(w, r, code, kind, bulk)
				return
			}
		}
		files, _ := filepath.Glob(filepath.Join(dir, name+"@*"))
		for _, file := range append(files, filepath.Join(dir, name)) {
			response, err := os.ReadFile(file)
			if _, part, _ := strings.Cut(filepath.Base(file), "@"); err == nil && strings.Contains(path, part) {
				answerWith(w, r, response)
				return
			}
		}
		r.URL.Path = "/" + path
		pass.ServeHTTP(w, r)
	})
}

// answerWith sends a response as it is, except for the ends of the lines of its header.
func answerWith(w http.ResponseWriter, r *http.Request, response []byte) {
	_, _ = io.Copy(io.Discard, r.Body)
	switch string(response) {
	case "":
		<-r.Context().Done()
		return
	case "\n":
		panic(http.ErrAbortHandler)
	}
	conn, out, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	head, body, _ := strings.Cut(string(response), "\n\n")
	fmt.Fprintf(out, "%s\r\nConnection: close\r\n\r\n%s", strings.ReplaceAll(head, "\n", "\r\n"), body)
	out.Flush()
}

// answerTrouble sends an error of Elasticsearch, for the whole request or each document.
func answerTrouble(w http.ResponseWriter, r *http.Request, code, kind string, bulk bool) {
	trouble := fmt.Sprintf(`{"error":{"type":%q,"reason":"the reason","root_cause":[]},"status":%s}`, kind, code)
	if !bulk {
		status, _ := strconv.Atoi(code)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, trouble)
		return
	}
	body, _ := io.ReadAll(r.Body)
	items := strings.Repeat(`,{"create":`+trouble+`}`, bytes.Count(body, []byte(`{"create":`)))
	fmt.Fprintf(w, `{"took":1,"errors":true,"items":[%s]}`, strings.TrimPrefix(items, ","))
}
