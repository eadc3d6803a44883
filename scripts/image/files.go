package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"os"
	"path/filepath"
)

var programs = []string{"wm-tail", "wm-grep", "wm-cut", "wm-es", "wm-store", "wm-serve"}

// applets are the busybox commands in the image, for pipes, health checks and
// debugging.
var applets = []string{"sh", "cat", "date", "df", "gzip", "head", "kill", "ls", "mkdir", "nc", "ps", "sleep", "sort", "tail", "uniq", "wc", "wget"}

const busyboxSource = "bin/busybox is that of Debian's package busybox-static. Its source is the package\nbusybox at https://snapshot.debian.org/package/busybox/.\n"

// files returns the only layer of the image as a tar file.
func (o options) files() ([]byte, error) {
	var out bytes.Buffer
	t := tar.NewWriter(&out)
	var errs []error
	for _, dir := range []string{"bin/", "etc/", "licenses/"} {
		errs = append(errs, o.add(t, tar.Header{Name: dir, Mode: 0o755, Typeflag: tar.TypeDir}, nil))
	}
	errs = append(errs,
		o.add(t, tar.Header{Name: "data/", Mode: 0o755, Uid: 65534, Gid: 65534, Typeflag: tar.TypeDir}, nil),
		o.add(t, tar.Header{Name: "tmp/", Mode: 0o1777, Typeflag: tar.TypeDir}, nil),
		o.add(t, tar.Header{Name: "etc/passwd", Mode: 0o644}, []byte("nobody:x:65534:65534:nobody:/data:/bin/sh\n")),
		o.add(t, tar.Header{Name: "etc/group", Mode: 0o644}, []byte("nobody:x:65534:\n")))
	for _, name := range programs {
		errs = append(errs, o.copy(t, "bin/"+name, filepath.Join(o.bin, name), 0o755))
	}
	errs = append(errs,
		o.copy(t, "bin/busybox", o.busybox, 0o755),
		o.copy(t, "licenses/busybox", o.license, 0o644),
		o.add(t, tar.Header{Name: "licenses/busybox.source", Mode: 0o644}, []byte(busyboxSource)),
		o.copy(t, "licenses/wm", "LICENSE", 0o644),
		o.copy(t, "licenses/modules", o.modules, 0o644))
	for _, name := range applets {
		errs = append(errs, o.add(t, tar.Header{Name: "bin/" + name, Linkname: "busybox", Mode: 0o777, Typeflag: tar.TypeSymlink}, nil))
	}
	return out.Bytes(), errors.Join(append(errs, t.Close())...)
}

func (o options) copy(t *tar.Writer, name, source string, mode int64) error {
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	return o.add(t, tar.Header{Name: name, Mode: mode}, text)
}
