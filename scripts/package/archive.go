package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// content is a file of a package.
type content struct {
	name   string // in the package
	source string
	mode   int64
}

// archiveName is the name of the archive for a platform, without suffix.
func (r release) archiveName(p platform) string {
	return fmt.Sprintf("wm-%s-%s-%s", r.version, p.os, p.arch)
}

// archive writes a tar file, or a zip file for Windows, with the programs, their
// man pages and completions.
func (r release) archive(p platform, bin string) error {
	list := []content{{"LICENSE", "LICENSE", 0o644}, {licensesFile, filepath.Join(filepath.Dir(bin), licensesFile), 0o644}, {"README.md", "README.md", 0o644}, {"CHANGELOG.md", "CHANGELOG.md", 0o644}, {"wm.yaml", "scripts/wm.yaml", 0o644}}
	for _, name := range programs {
		file := name
		if p.os == "windows" {
			file += ".exe"
		}
		list = append(list, content{"bin/" + file, filepath.Join(bin, file), 0o755})
		if p.os != "windows" {
			list = append(list, content{"share/man/man1/" + name + ".1", "cmd/" + name + "/" + name + ".1", 0o644},
				content{"share/bash-completion/completions/" + name, "scripts/completion/bash/" + name, 0o644},
				content{"share/zsh/site-functions/_" + name, "scripts/completion/zsh/_" + name, 0o644},
				content{"share/fish/vendor_completions.d/" + name + ".fish", "scripts/completion/fish/" + name + ".fish", 0o644})
		}
	}
	if p.os != "windows" {
		list = append(list, content{"share/man/man7/wm.7", "cmd/wm.7", 0o644})
	}
	slices.SortFunc(list, func(a, b content) int { return strings.Compare(a.name, b.name) })
	name := r.archiveName(p)
	if p.os == "windows" {
		return r.write(name+".zip", func(w io.Writer) error { return r.zip(w, name, list) })
	}
	return r.write(name+".tar.gz", func(w io.Writer) error { return r.tar(w, name, list) })
}

// write creates a file of the release.
func (r release) write(name string, content func(io.Writer) error) error {
	f, err := os.Create(filepath.Join(r.out, name))
	if err != nil {
		return err
	}
	return errors.Join(content(f), f.Close())
}

func (r release) tar(w io.Writer, top string, list []content) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	for _, c := range list {
		text, err := os.ReadFile(c.source)
		if err != nil {
			return err
		}
		if err := t.WriteHeader(&tar.Header{Name: top + "/" + c.name, Mode: c.mode, Size: int64(len(text)), ModTime: r.time}); err != nil {
			return err
		}
		if _, err := t.Write(text); err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}

func (r release) zip(w io.Writer, top string, list []content) error {
	z := zip.NewWriter(w)
	for _, c := range list {
		text, err := os.ReadFile(c.source)
		if err != nil {
			return err
		}
		header := &zip.FileHeader{Name: top + "/" + c.name, Method: zip.Deflate, Modified: r.time}
		header.SetMode(os.FileMode(c.mode))
		f, err := z.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := f.Write(text); err != nil {
			return err
		}
	}
	return z.Close()
}
