//go:build unix

package cmd_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

func recipe(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../scripts/recipes", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// bash runs a command in a folder, with the programs in PATH.
func bash(t *testing.T, dir, command string, env ...string) string {
	t.Helper()
	cmd := exec.Command("timeout", "120", "bash", "-c", "set -eo pipefail; "+command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+cmdtest.Bin()+":"+os.Getenv("PATH"))
	cmd.Env = append(cmd.Env, env...)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, &stderr)
	}
	return out.String()
}

func writeEvents(t *testing.T, file string, events []simulate.Event) {
	t.Helper()
	var text bytes.Buffer
	for _, e := range events {
		text.Write(append(e.Data, '\n'))
	}
	if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The hourly collection has the same result when it runs twice, or late.
func TestCrontabRecipe(t *testing.T) {
	t.Parallel()
	cmdtest.Need(t, "bash", "timeout")
	var command string
	for line := range strings.Lines(recipe(t, "crontab")) {
		if rest, ok := strings.CutPrefix(line, "5 * * * *"); ok {
			command = strings.ReplaceAll(strings.TrimSpace(rest), `\%`, "%") // as cron does
		}
	}
	dir := t.TempDir()
	start := time.Now().Add(-110 * time.Minute)
	events := simulate.New(3, simulate.Options{Start: start, Rate: 0.5, Canary: -1}).Take(3000) // 100 minutes
	server := service.NewServer(service.New(service.Options{}))
	t.Cleanup(server.Close)
	server.Append(events...)
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	for _, until := range []time.Duration{30, 30, 90} { // a run is repeated, the last one is late
		end := start.Add(until * time.Minute).Truncate(time.Second)
		put(t, filepath.Join(dir, "date"), "#!/bin/sh\necho "+end.UTC().Format(time.RFC3339)+"\n", 0o755)
		bash(t, dir, strings.Replace(command, "/var/lib/wm", dir, 1), "WM_TAIL_URL="+server.URL, "WM_ES="+store)
		want := 0
		for _, e := range events {
			if at := gjson.GetBytes(e.Data, "meta.dt").Time(); at.Before(end) {
				want++
			}
		}
		if got := strings.TrimSpace(bash(t, dir, "wm-es count", "WM_ES="+store)); got != strconv.Itoa(want) {
			t.Errorf("until minute %d: %s events, want %d", until, got, want)
		}
	}
}

// Rotation of a file while it is written loses no line and repeats none.
func TestLogrotateRecipe(t *testing.T) {
	t.Parallel()
	cmdtest.Need(t, "bash", "logrotate", "timeout")
	dir := t.TempDir()
	conf := strings.NewReplacer("/var/lib/wm", dir, "systemctl restart wm-file.service", "kill $(cat "+dir+"/pid)").Replace(recipe(t, "logrotate"))
	put(t, filepath.Join(dir, "logrotate.conf"), conf, 0o644)
	server := service.NewServer(service.New(service.Options{}))
	t.Cleanup(server.Close)
	events := cmdtest.Made(4, 4000, 10*time.Minute, 0)
	server.Append(events[:1000]...)
	// The service: it is restarted when it ends. Its pid is known before it
	// opens the file, so that the rotation never signals a process that has ended.
	loop := exec.Command("bash", "-c", `cd "$1"; while [ ! -e stop ]; do bash -c 'echo $$ > pid.new; mv pid.new pid; exec wm-tail -q --since 1h --cursor cursor.json >> events.ndjson'; done`, "bash", dir)
	loop.Env = append(os.Environ(), "PATH="+cmdtest.Bin()+":"+os.Getenv("PATH"), "WM_TAIL_URL="+server.URL)
	loop.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := loop.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-loop.Process.Pid, syscall.SIGKILL)
		_ = loop.Wait()
	})
	file := filepath.Join(dir, "events.ndjson")
	for n := 1000; n < len(events); n += 1000 {
		// What the service that is ending still writes goes to the rotated file.
		awaitFile(t, file)
		server.Append(events[n : n+500]...)
		awaitLines(t, file, 1)
		bash(t, dir, "PATH=$PATH:/usr/sbin logrotate -f -s state logrotate.conf")
		server.Append(events[n+500 : n+1000]...)
	}
	awaitCollected(t, dir, len(events))
	seen := map[string]int{}
	for line := range strings.Lines(bash(t, dir, "wm-grep --no-filename '' events.ndjson*")) {
		seen[gjson.Get(line, "meta.id").Str]++
	}
	for _, e := range events {
		if id := gjson.GetBytes(e.Data, "meta.id").Str; seen[id] != 1 {
			t.Fatalf("event %s is there %d times", id, seen[id])
		}
	}
}

func awaitFile(t *testing.T, file string) {
	t.Helper()
	for range 3000 {
		if _, err := os.Stat(file); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s is not written", file)
}

func awaitLines(t *testing.T, file string, n int) {
	t.Helper()
	for range 3000 {
		if len(cmdtest.ReadLines(t, file)) >= n {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s does not get %d lines", file, n)
}

// awaitCollected waits until the files of a folder have n lines.
func awaitCollected(t *testing.T, dir string, n int) {
	t.Helper()
	got := ""
	for range 600 {
		if got = strings.TrimSpace(bash(t, dir, "for f in events.ndjson*; do zcat -f $f; done | wc -l")); got == strconv.Itoa(n) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s events, want %d", got, n)
}

// Events go through a Kafka topic and back, byte for byte.
func TestKafkaRecipe(t *testing.T) {
	t.Parallel()
	cmdtest.Need(t, "kcat", "bash", "timeout")
	program := filepath.Join(t.TempDir(), "kafkasse")
	if out, err := exec.Command("go", "-C", "../scripts/kafkasse", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	broker := exec.Command(program, "-broker", "changes")
	stdout, _ := broker.StdoutPipe()
	if err := broker.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmdtest.Stop(broker) })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatal(line, err)
	}
	server := service.NewServer(service.New(service.Options{}))
	t.Cleanup(server.Close)
	server.Append(cmdtest.Made(5, 1200, time.Hour, 0)...)
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	dir := t.TempDir()
	env := []string{"WM_TAIL_URL=" + server.URL, "WM_TAIL_SINCE=3h", "WM_TAIL_N=1000", "WM_ES=" + store}
	for _, command := range manualRecipes(t, "kcat") {
		bash(t, dir, strings.ReplaceAll(command, "127.0.0.1:9092", address), env...)
	}
	bash(t, dir, "wm-tail > before; kcat -C -q -e -b "+address+" -t changes > after; cmp before after", env...)
	if got := bash(t, dir, "wm-es count", env...); got != "1000\n" {
		t.Errorf("%s events in the index", got)
	}
}

// manualRecipes are the commands in wm(7) that run a program.
func manualRecipes(t *testing.T, program string) (commands []string) {
	t.Helper()
	page, err := os.ReadFile("wm.7")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(page)) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), ".Dl ")
		if ok && regexp.MustCompile(`\b`+program+` `).MatchString(command) {
			commands = append(commands, strings.NewReplacer(`\(dq`, `"`).Replace(command))
		}
	}
	if len(commands) == 0 {
		t.Fatalf("wm(7) has no command with %s", program)
	}
	return commands
}

// jq, Miller and DuckDB count the same events in a file.
func TestFileRecipes(t *testing.T) {
	t.Parallel()
	cmdtest.Need(t, "jq", "mlr", "bash", "timeout")
	dir := t.TempDir()
	events := cmdtest.Made(6, 2000, time.Hour, 0)
	writeEvents(t, filepath.Join(dir, "events.ndjson"), events)
	want := map[string]int{}
	for _, e := range events {
		want[gjson.GetBytes(e.Data, "wiki").Str]++
	}
	for _, program := range []string{"jq", "mlr", "duckdb"} {
		if program == "duckdb" {
			python := os.Getenv("WM_DUCKDB_PYTHON") // of an environment with the module duckdb
			if python == "" {
				t.Log("WM_DUCKDB_PYTHON is not set: DuckDB's recipe is skipped")
				continue
			}
			put(t, filepath.Join(dir, "duckdb"), "#!/bin/sh\nexec "+python+" -c 'import duckdb,sys\nfor r in duckdb.sql(sys.argv[2]).fetchall(): print(*r)' \"$@\"\n", 0o755)
		}
		out := bash(t, dir, manualRecipes(t, program)[0])
		got := map[string]int{}
		for line := range strings.Lines(out) {
			words := strings.Fields(line)
			for i, word := range words {
				if n, err := strconv.Atoi(word); err == nil && len(words) == 2 {
					got[words[1-i]] = n
				}
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s counts %v, want %v\n%s", program, got, want, out)
		}
	}
}

// The alerts fire when they should, and name metrics that exist.
func TestPrometheusRecipe(t *testing.T) {
	cmdtest.Need(t, "promtool", "bash", "timeout")
	dir, err := filepath.Abs("../scripts/prometheus")
	if err != nil {
		t.Fatal(err)
	}
	bash(t, dir, "promtool check config prometheus.yaml; promtool test rules alerts_test.yaml")
	server := service.NewServer(service.New(service.Options{}))
	t.Cleanup(server.Close)
	server.Append(cmdtest.Made(2, 50, time.Minute, 0)...)
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	all := metricsOf(t, "wm-tail", "--url", server.URL, "--since", "1h") + metricsOf(t, "wm-es", "--es", store)
	rules, err := os.ReadFile(filepath.Join(dir, "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile(`wm_[a-z_]+`).FindAllString(string(rules), -1) {
		if !strings.Contains(all, "\n"+name) && name != "wm_es_lag_seconds" { // which needs an event
			t.Errorf("no program has the metric %s", name)
		}
	}
}

// metricsOf returns what a program serves at --metrics.
func metricsOf(t *testing.T, program string, args ...string) string {
	t.Helper()
	_, stderr := start(t, nil, program, append(args, "--metrics", "127.0.0.1:0")...)
	for stderr.Scan() {
		if _, url, ok := strings.Cut(stderr.Text(), "metrics at "); ok {
			go func() {
				for stderr.Scan() {
				}
			}()
			return "\n" + string(cmdtest.Fetch(t, url, ""))
		}
	}
	t.Fatalf("%s does not serve metrics", program)
	return ""
}

// Live events pass through the proxies as soon as they are indexed, and the page
// has its path.
func TestProxyRecipes(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func(t *testing.T, dir, listen, upstream string) *exec.Cmd{"caddy": caddy, "nginx": nginx} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmdtest.Need(t, name, "bash", "timeout")
			proxy := freeAddress(t)
			store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
			dir := t.TempDir()
			writeEvents(t, filepath.Join(dir, "old.ndjson"), cmdtest.Made(1, 100, time.Minute, 0))
			bash(t, dir, "wm-es -q < old.ndjson", "WM_ES="+store)
			page := cmdtest.Serve(t, "wm-serve", "--es", store, "--public-url", "http://"+proxy+"/wm/", "--behind-proxy")
			cmd := serve(t, dir, proxy, strings.TrimPrefix(page, "http://"))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				_ = cmd.Process.Signal(syscall.SIGTERM)
				_ = cmd.Wait()
			})
			res := get(t, "http://"+proxy+"/wm/")
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				t.Errorf("the page: %s", res.Status)
			}
			live := get(t, "http://"+proxy+"/wm/api/v1/live")
			defer live.Body.Close()
			ctx, arrived := context.WithCancel(t.Context())
			var indexing sync.WaitGroup
			indexing.Go(func() { // events, until one arrives
				for i := uint64(10); ctx.Err() == nil && i < 400; i++ {
					var text bytes.Buffer
					for _, e := range cmdtest.Made(i, 20, time.Second, 0) {
						text.Write(append(e.Data, '\n'))
					}
					index := exec.CommandContext(ctx, filepath.Join(cmdtest.Bin(), "wm-es"), "-q", "--es", store)
					index.Stdin = &text
					_ = index.Run()
				}
			})
			defer indexing.Wait()
			defer arrived()
			guard := time.AfterFunc(time.Minute, func() { live.Body.Close() })
			defer guard.Stop()
			events := bufio.NewScanner(live.Body)
			events.Buffer(nil, 16<<20)
			var got []string
			for events.Scan() {
				if got = append(got, events.Text()); strings.HasPrefix(events.Text(), "data:") && strings.Contains(events.Text(), "wiki") {
					return
				}
			}
			t.Errorf("no live event in %.1000q: %v", got, events.Err())
		})
	}
}

// get asks until the server answers.
func get(t *testing.T, url string) *http.Response {
	t.Helper()
	var failed error
	for range 600 {
		res, err := http.Get(url)
		if err == nil && res.StatusCode != http.StatusBadGateway {
			return res
		}
		failed = errors.Join(err, failed)
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal(failed)
	return nil
}

func caddy(t *testing.T, dir, listen, upstream string) *exec.Cmd {
	conf := strings.NewReplacer("tools.example {", "http://"+listen+" {", "127.0.0.1:8080", upstream).Replace(recipe(t, "Caddyfile"))
	put(t, filepath.Join(dir, "Caddyfile"), "{\n\tadmin off\n}\n"+conf, 0o644)
	cmd := exec.Command("caddy", "run", "--config", filepath.Join(dir, "Caddyfile"), "--adapter", "caddyfile")
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	return cmd
}

func nginx(t *testing.T, dir, listen, upstream string) *exec.Cmd {
	location := strings.ReplaceAll(recipe(t, "nginx.conf"), "127.0.0.1:8080", upstream)
	var temp strings.Builder
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&temp, "%s_temp_path %s/%s;\n", kind, dir, kind)
	}
	put(t, filepath.Join(dir, "nginx.conf"), "daemon off; master_process off; pid "+dir+"/pid; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n"+temp.String()+
		"server {\nlisten "+listen+";\n"+location+"}\n}\n", 0o644)
	return exec.Command("nginx", "-e", "stderr", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"))
}
