package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// node is one Elasticsearch. Its ports and its data stay when it is killed.
type node struct {
	cluster   *cluster
	number    int // from 1
	name      string
	dir       string
	port      int // of HTTP
	transport int // between nodes

	cmd    *exec.Cmd
	ended  chan struct{} // closed when the process has ended; nil: it never ran
	killed atomic.Bool
}

func newNode(c *cluster, number int) (*node, error) {
	name := "n" + strconv.Itoa(number)
	n := &node{cluster: c, number: number, name: name, dir: filepath.Join(c.dir, name)}
	var err error
	if n.port, err = c.drawPort(); err != nil {
		return nil, err
	}
	n.transport, err = c.drawPort()
	return n, err
}

func (n *node) address(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }

func (n *node) url() string {
	scheme := "http"
	if n.cluster.secure {
		scheme = "https"
	}
	return scheme + "://" + n.address(n.port)
}

func (n *node) config(file string) string { return filepath.Join(n.dir, "config", file) }

func (n *node) logFile() string { return filepath.Join(n.dir, "stdout.log") }

// configure makes the node's folder, with the configuration of the
// distribution and settings of our own.
func (n *node) configure() error {
	c := n.cluster
	if err := os.CopyFS(filepath.Join(n.dir, "config"), os.DirFS(filepath.Join(c.home, "config"))); err != nil {
		return err
	}
	if err := errors.Join(os.Mkdir(filepath.Join(n.dir, "tmp"), 0o755), n.dropVectors()); err != nil {
		return err
	}
	all := c.common()
	maps.Copy(all, settings{
		"node.name":      n.name,
		"http.port":      strconv.Itoa(n.port),
		"transport.port": strconv.Itoa(n.transport),
		"path.data":      filepath.Join(n.dir, "data"),
		"path.logs":      filepath.Join(n.dir, "logs"),
	})
	if c.secure {
		addTLS(all)
	}
	maps.Copy(all, c.settings)
	var yml strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&yml, "%s: %s\n", name, all[name])
	}
	return os.WriteFile(n.config("elasticsearch.yml"), []byte(yml.String()), 0o644)
}

// dropVectors takes a module for similarity of vectors out of Java's options:
// small Java runtimes lack it, and Elasticsearch does without.
func (n *node) dropVectors() error {
	text, err := os.ReadFile(n.config("jvm.options"))
	if err != nil {
		return err
	}
	return os.WriteFile(n.config("jvm.options"), vectorModule.ReplaceAll(text, nil), 0o644)
}

var vectorModule = regexp.MustCompile(`(?m)^[0-9-]*:?--add-modules=jdk\.incubator\.vector$`)

// start starts the process. It does not wait until the node answers.
func (n *node) start() error {
	c := n.cluster
	log, err := os.OpenFile(n.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	n.cmd = exec.Command(filepath.Join(c.home, "bin", "elasticsearch"))
	n.cmd.Dir = n.dir
	n.cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + n.dir, "ES_JAVA_HOME=" + c.java, "ES_PATH_CONF=" + filepath.Join(n.dir, "config"),
		"ES_TMPDIR=" + filepath.Join(n.dir, "tmp"), "ES_JAVA_OPTS=-Xms" + c.heap + " -Xmx" + c.heap,
	}
	n.cmd.Stdout, n.cmd.Stderr = log, log
	// A launcher starts the server: both are one group, to be killed as one.
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.as}
	if err := n.cmd.Start(); err != nil {
		return err
	}
	n.ended = make(chan struct{})
	n.killed.Store(false)
	go n.watch(n.cmd, n.ended)
	return nil
}

// watch reports the end of a process that nobody killed.
func (n *node) watch(cmd *exec.Cmd, ended chan struct{}) {
	err := cmd.Wait()
	defer close(ended)
	if n.killed.Load() {
		return
	}
	n.cluster.failed <- n.failure(fmt.Errorf("ended: %v", err))
}

func (n *node) running() bool {
	if n.ended == nil {
		return false
	}
	select {
	case <-n.ended:
		return false
	default:
		return true
	}
}

// kill is kill -9. When it returns the ports and the data are free.
func (n *node) kill() {
	n.killed.Store(true)
	_ = syscall.Kill(-n.cmd.Process.Pid, syscall.SIGKILL)
	<-n.ended
	for !free(n.port) || !free(n.transport) { // the server ends behind its launcher
		time.Sleep(10 * time.Millisecond)
	}
}

// failure tells what a node said last.
func (n *node) failure(err error) error {
	text, _ := os.ReadFile(n.logFile()) // nothing to tell without it
	return fmt.Errorf("node %d: %w; it said:\n%s", n.number, err, text[max(0, len(text)-3000):])
}
