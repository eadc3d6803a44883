package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cluster is a number of nodes and what they share.
type cluster struct {
	options
	server version
	dir    string // of all files; the nodes' user owns it
	home   string // of the unpacked server
	java   string
	as     *syscall.Credential // user of the nodes; nil: the current one
	nodes  []*node
	ports  []int      // of the nodes
	users  []*account // with -secure
	client *http.Client
	failed chan error // a node that was not killed has ended
}

// newCluster unpacks the server and writes the configuration of all nodes.
func newCluster(ctx context.Context, o options, dir string) (*cluster, error) {
	v := versions[o.version]
	c := &cluster{options: o, server: v, dir: dir, client: http.DefaultClient, failed: make(chan error, o.nodes)}
	if err := v.unpack(ctx, dir); err != nil {
		return nil, err
	}
	c.home = filepath.Join(dir, strings.TrimSuffix(v.file, ".zip"))
	var err error
	if c.java, err = v.javaHome(ctx, dir); err != nil {
		return nil, err
	}
	for i := range o.nodes {
		n, err := newNode(c, i+1)
		if err != nil {
			return nil, err
		}
		c.nodes = append(c.nodes, n)
	}
	if o.secure {
		if err := c.makeSecure(); err != nil {
			return nil, err
		}
	}
	for _, n := range c.nodes {
		if err := n.configure(); err != nil {
			return nil, err
		}
	}
	return c, c.giveAway()
}

// giveAway makes the user nobody the owner of the directory if this is root.
func (c *cluster) giveAway() error {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return fmt.Errorf("the server cannot run as root: %w", err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return filepath.WalkDir(c.dir, func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, uid, gid))
	})
}

// common returns the settings of all nodes.
func (c *cluster) common() settings {
	s := settings{
		"cluster.name": "wm-test",
		"network.host": "127.0.0.1",
		// Developers' disks are often nearly full.
		"cluster.routing.allocation.disk.threshold_enabled": "false",
	}
	if c.server.product == elasticsearch {
		s["xpack.security.enabled"] = strconv.FormatBool(c.secure)
	}
	if len(c.nodes) == 1 {
		s["discovery.type"] = "single-node"
		return s
	}
	var seeds, names []string
	for _, n := range c.nodes {
		seeds = append(seeds, n.address(n.transport))
		names = append(names, n.name)
	}
	s["discovery.seed_hosts"] = "[" + strings.Join(seeds, ", ") + "]"
	s[c.server.managers] = "[" + strings.Join(names, ", ") + "]"
	return s
}

// startAll starts the nodes and waits until they have formed a cluster.
func (c *cluster) startAll(ctx context.Context) error {
	for _, n := range c.nodes {
		if err := n.start(); err != nil {
			return err
		}
	}
	for _, n := range c.nodes {
		if err := c.await(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// patience is how long a node may take to start on a busy machine.
const patience = 5 * time.Minute

// await waits until a node is in the cluster with all other running nodes.
func (c *cluster) await(ctx context.Context, n *node) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	running := 0
	for _, other := range c.nodes {
		if other.running() {
			running++
		}
	}
	for !c.healthy(ctx, n, running) {
		select {
		case <-n.ended:
			return n.failure(errors.New("it has ended"))
		case <-ctx.Done():
			return n.failure(context.Cause(ctx))
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil
}

func (c *cluster) healthy(ctx context.Context, n *node, nodes int) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/_cluster/health?wait_for_nodes=%d&timeout=1s", n.url(), nodes), nil)
	if err != nil {
		return false
	}
	if c.secure {
		req.SetBasicAuth(admin, c.password(admin))
	}
	res, err := c.client.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// trust makes the cluster's own client trust its CA.
func (c *cluster) trust(ca *authority) {
	c.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.pool()}}}
}

// describe prints where everything is.
func (c *cluster) describe(out io.Writer) error {
	var b strings.Builder
	for _, n := range c.nodes {
		fmt.Fprintf(&b, "node %d %s\n", n.number, n.url())
	}
	if c.secure {
		fmt.Fprintf(&b, "ca %s\n", c.caFile())
	}
	for _, u := range c.users {
		fmt.Fprintf(&b, "user %s %s\n", u.name, c.passwordFile(u))
	}
	_, err := io.WriteString(out, b.String()+"ready\n")
	return err
}

// command executes "kill N" or "start N" and answers.
func (c *cluster) command(ctx context.Context, line string, out io.Writer) error {
	verb, number, _ := strings.Cut(line, " ")
	i, err := strconv.Atoi(number)
	if err != nil || i < 1 || i > len(c.nodes) {
		return fmt.Errorf("no such command: %q", line)
	}
	n := c.nodes[i-1]
	switch {
	case verb == "kill" && n.running():
		n.kill()
		_, err = fmt.Fprintf(out, "killed %d\n", i)
	case verb == "start" && !n.running():
		if err := n.start(); err != nil {
			return err
		}
		if err := c.await(ctx, n); err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "started %d\n", i)
	default:
		err = fmt.Errorf("cannot do that now: %q", line)
	}
	return err
}

// stop kills all nodes; their data is not needed.
func (c *cluster) stop() {
	for _, n := range c.nodes {
		if n.running() {
			n.kill()
		}
	}
}

// drawPort returns a free port below those that the system assigns to
// connections, so that nothing takes the port of a node that is down.
func (c *cluster) drawPort() (int, error) {
	for range 100 {
		port := 20000 + rand.IntN(10000)
		if !slices.Contains(c.ports, port) && free(port) {
			c.ports = append(c.ports, port)
			return port, nil
		}
	}
	return 0, errors.New("no free port on 127.0.0.1 from 20000 to 29999")
}

func free(port int) bool {
	l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return false
	}
	return l.Close() == nil
}
