package main

import (
	"bytes"
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

// node is one server process. It keeps its ports and data when it is killed.
type node struct {
	cluster   *cluster
	number    int // from 1
	name      string
	dir       string
	port      int // of HTTP
	transport int // between nodes

	cmd    *exec.Cmd
	ended  chan struct{} // closed when the process has ended; nil if it never ran
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

// configure makes the node's directory, with the configuration of the distribution
// and our settings.
func (n *node) configure() error {
	c := n.cluster
	if err := os.CopyFS(filepath.Join(n.dir, "config"), os.DirFS(filepath.Join(c.home, "config"))); err != nil {
		return err
	}
	if err := errors.Join(os.Mkdir(filepath.Join(n.dir, "tmp"), 0o755), os.Mkdir(filepath.Join(n.dir, "logs"), 0o755), n.adaptJava()); err != nil {
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
	return os.WriteFile(n.config(c.server.name+".yml"), []byte(yml.String()), 0o644)
}

// adaptJava removes a module for vector similarity from Java's options, which
// small runtimes lack and the server does not need, and puts OpenSearch's logs
// where the node may write.
func (n *node) adaptJava() error {
	text, err := os.ReadFile(n.config("jvm.options"))
	if err != nil {
		return err
	}
	text = vectorModule.ReplaceAll(text, nil)
	text = bytes.ReplaceAll(text, []byte("file=logs/"), []byte("file="+filepath.Join(n.dir, "logs")+"/"))
	return os.WriteFile(n.config("jvm.options"), text, 0o644)
}

var vectorModule = regexp.MustCompile(`(?m)^[0-9-]*:?--add-modules=jdk\.incubator\.vector$`)

// start starts the process without waiting until the node answers.
func (n *node) start() error {
	c := n.cluster
	log, err := os.OpenFile(n.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	n.cmd = exec.Command(filepath.Join(c.home, "bin", c.server.name))
	n.cmd.Dir = n.dir
	n.cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + n.dir, c.server.env + "_JAVA_HOME=" + c.java,
		c.server.env + "_PATH_CONF=" + filepath.Join(n.dir, "config"), c.server.env + "_TMPDIR=" + filepath.Join(n.dir, "tmp"),
		c.server.env + "_JAVA_OPTS=" + c.javaOptions(),
	}
	n.cmd.Stdout, n.cmd.Stderr = log, log
	// A launcher starts the server; both form one process group.
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.as}
	if err := n.cmd.Start(); err != nil {
		return err
	}
	n.ended = make(chan struct{})
	n.killed.Store(false)
	go n.watch(n.cmd, n.ended)
	return nil
}

// watch reports the end of a process that was not killed.
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

// kill sends SIGKILL. When it returns, the ports and the data are free.
func (n *node) kill() {
	n.killed.Store(true)
	_ = syscall.Kill(-n.cmd.Process.Pid, syscall.SIGKILL)
	<-n.ended
	for !free(n.port) || !free(n.transport) { // the server ends after its launcher
		time.Sleep(10 * time.Millisecond)
	}
}

// failure adds the last output of a node.
func (n *node) failure(err error) error {
	text, _ := os.ReadFile(n.logFile()) // without it there is no output
	return fmt.Errorf("node %d: %w; its output:\n%s", n.number, err, text[max(0, len(text)-3000):])
}
