// Image builds the container image of wm as an OCI archive, without a daemon: the
// six programs, Debian's static busybox for pipes and health checks, and nothing
// else. Two builds from the same files give the same bytes.
//
// Usage: image -bin DIR -busybox FILE -modules FILE -version VERSION -time SECONDS -out FILE
package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"flag"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// user is the user and group "nobody" of most systems.
const user = "65534:65534"

type options struct {
	bin, busybox, license, modules string
	version, arch, out             string
	time                           time.Time
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("image: ")
	var o options
	flag.StringVar(&o.bin, "bin", "bin", "`DIR` of the programs")
	flag.StringVar(&o.busybox, "busybox", "/bin/busybox", "static busybox")
	flag.StringVar(&o.license, "license", "/usr/share/doc/busybox-static/copyright", "license of busybox")
	flag.StringVar(&o.modules, "modules", "LICENSES.txt", "licenses of the modules in the programs")
	flag.StringVar(&o.version, "version", "dev", "version of wm")
	flag.StringVar(&o.arch, "arch", "amd64", "architecture of the programs")
	flag.StringVar(&o.out, "out", "wm.oci.tar", "archive to write")
	seconds := flag.Int64("time", 0, "time of all files, in Unix seconds")
	flag.Parse()
	o.time = time.Unix(*seconds, 0).UTC()
	if err := run(o); err != nil {
		log.Fatal(err)
	}
}

func run(o options) error {
	content, err := o.files()
	if err != nil {
		return err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
		tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return err
	}
	img, err := mutate.Append(mutate.MediaType(empty.Image, types.OCIManifestSchema1), mutate.Addendum{
		Layer: layer, History: v1.History{CreatedBy: "scripts/image", Created: v1.Time{Time: o.time}},
	})
	if err != nil {
		return err
	}
	img, err = mutate.ConfigFile(mutate.ConfigMediaType(img, types.OCIConfigJSON), o.config(img))
	if err != nil {
		return err
	}
	return o.write(img)
}

// config says how the programs run: as a user without rights, in a directory that
// a volume replaces.
func (o options) config(img v1.Image) *v1.ConfigFile {
	c, err := img.ConfigFile()
	if err != nil {
		panic(err) // it was made from memory
	}
	c = c.DeepCopy()
	c.OS, c.Architecture, c.Created = "linux", o.arch, v1.Time{Time: o.time}
	c.Config = v1.Config{
		User:       user,
		WorkingDir: "/data",
		Env:        []string{"PATH=/bin", "HOME=/data"},
		Cmd:        []string{"/bin/sh"},
		StopSignal: "SIGTERM",
		Labels: map[string]string{
			"org.opencontainers.image.source":   "https://github.com/wmtools/wm",
			"org.opencontainers.image.version":  o.version,
			"org.opencontainers.image.licenses": "Apache-2.0 AND GPL-2.0-only",
		},
	}
	return c
}

// write writes the image as an archive of an OCI layout.
func (o options) write(img v1.Image) error {
	dir, err := os.MkdirTemp("", "wm-image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	names := map[string]string{"org.opencontainers.image.ref.name": o.version, "io.containerd.image.name": "wm:" + o.version}
	if err := l.AppendImage(img, layout.WithAnnotations(names), layout.WithPlatform(v1.Platform{OS: "linux", Architecture: o.arch})); err != nil {
		return err
	}
	f, err := os.Create(o.out)
	if err != nil {
		return err
	}
	return errors.Join(o.tarFolder(f, dir), f.Close())
}

// tarFolder writes the files of a folder, sorted by name, with the time of the image.
func (o options) tarFolder(w io.Writer, dir string) error {
	t := tar.NewWriter(w)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return o.add(t, tar.Header{Name: filepath.ToSlash(name), Mode: 0o644}, text)
	})
	return errors.Join(err, t.Close())
}

func (o options) add(t *tar.Writer, h tar.Header, text []byte) error {
	h.Size, h.ModTime, h.Format = int64(len(text)), o.time, tar.FormatPAX
	if err := t.WriteHeader(&h); err != nil {
		return err
	}
	_, err := t.Write(text)
	return err
}
