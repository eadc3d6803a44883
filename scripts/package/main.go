// Package builds what users install: deb and rpm packages, archives for Linux,
// macOS and Windows, a Homebrew formula, a list of the components and the
// checksums. Two builds of a commit give the same bytes.
//
// Run it in the top folder of the repository.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// programs are what the packages contain.
var programs = []string{"wm-tail", "wm-grep", "wm-cut", "wm-es", "wm-store", "wm-serve"}

// release is what is built.
type release struct {
	version string
	time    time.Time // of the commit, and of all files in the packages
	out     string    // folder
}

// platform is what a program runs on.
type platform struct{ os, arch string }

func main() {
	log.SetFlags(0)
	log.SetPrefix("package: ")
	version := flag.String("version", "", "`VERSION`; default from git")
	out := flag.String("out", "dist", "`DIR` to write to")
	targets := flag.String("targets", "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64", "`LIST` of platforms")
	licenses := flag.String("licenses", "", "only write the licenses of what is in the programs of a folder, the argument, to `FILE`")
	flag.Parse()
	var err error
	if *licenses != "" {
		err = writeLicenses(flag.Arg(0), *licenses)
	} else {
		err = run(*version, *out, *targets)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(version, out, targets string) error {
	r, err := newRelease(version, out)
	if err != nil {
		return err
	}
	for target := range strings.SplitSeq(targets, ",") {
		name, arch, ok := strings.Cut(target, "/")
		if !ok {
			return fmt.Errorf("%s: not OS/ARCH", target)
		}
		if err := r.platform(platform{name, arch}); err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
	}
	if err := r.formula(); err != nil {
		return err
	}
	return r.checksums()
}

// newRelease takes the version and the time from git.
func newRelease(version, out string) (r release, err error) {
	r = release{version: version, out: out}
	if version == "" {
		if r.version, err = output("git", "describe", "--tags", "--always", "--match", "v*"); err != nil {
			return r, err
		}
		if !strings.HasPrefix(r.version, "v") {
			r.version = "0.0.0+g" + r.version // no tag yet
		}
	}
	r.version = strings.TrimPrefix(r.version, "v")
	seconds, err := output("git", "log", "-1", "--format=%ct")
	if err != nil {
		return r, err
	}
	unix, err := strconv.ParseInt(seconds, 10, 64)
	r.time = time.Unix(unix, 0).UTC()
	if err != nil {
		return r, err
	}
	return r, os.MkdirAll(out, 0o755)
}

// platform builds all files for a platform.
func (r release) platform(p platform) error {
	dir, err := os.MkdirTemp("", "wm-package-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "bin")
	if err := r.build(p, bin); err != nil {
		return err
	}
	if err := writeLicenses(bin, filepath.Join(dir, licensesFile)); err != nil {
		return err
	}
	if err := r.archive(p, bin); err != nil {
		return err
	}
	if err := r.components(p, bin); err != nil {
		return err
	}
	if p.os != "linux" {
		return nil
	}
	return r.linuxPackages(p, bin)
}

// build builds the programs into a folder.
func (r release) build(p platform, bin string) error {
	args := []string{"build", "-trimpath", "-ldflags", "-s -w -X github.com/wmtools/wm/lib/app.linked=" + r.version, "-o", bin + string(filepath.Separator)}
	for _, name := range programs {
		args = append(args, "./cmd/"+name)
	}
	return r.command(p, "go", args...)
}

// command runs a command for a platform. Its time is that of the release.
func (r release) command(p platform, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch, "SOURCE_DATE_EPOCH="+strconv.FormatInt(r.time.Unix(), 10))
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

func output(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// checksums writes SHA256SUMS, as sha256sum does.
func (r release) checksums() error {
	entries, err := os.ReadDir(r.out)
	if err != nil {
		return err
	}
	text := ""
	for _, entry := range entries {
		if entry.Name() == "SHA256SUMS" || entry.IsDir() {
			continue
		}
		sum, err := digest(filepath.Join(r.out, entry.Name()))
		if err != nil {
			return err
		}
		text += sum + "  " + entry.Name() + "\n"
	}
	return os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), []byte(text), 0o644)
}

func digest(file string) (string, error) {
	content, err := os.ReadFile(file)
	return fmt.Sprintf("%x", sha256.Sum256(content)), err
}
