package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// linuxPackages writes a deb and an rpm package with nfpm. Both contain the files
// of a tree that is made here; nfpm.yaml has the rest.
func (r release) linuxPackages(p platform, bin string) error {
	for _, format := range []string{"deb", "rpm"} {
		tree, err := os.MkdirTemp("", "wm-tree-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tree)
		if err := os.Chmod(tree, 0o755); err != nil { // it becomes the root of the package
			return err
		}
		for _, c := range packageContents(format, bin) {
			if err := r.stage(tree, c); err != nil {
				return err
			}
		}
		config, err := os.ReadFile("scripts/package/nfpm.yaml")
		if err != nil {
			return err
		}
		text := strings.NewReplacer("@VERSION@", r.version, "@ARCH@", p.arch, "@TREE@", tree, "@TIME@", r.time.Format("2006-01-02T15:04:05Z")).Replace(string(config))
		file := filepath.Join(tree, "..", filepath.Base(tree)+".yaml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
		defer os.Remove(file)
		target := filepath.Join(r.out, "wm_"+r.version+"_"+p.arch+"."+format)
		tool := platform{os.Getenv("GOHOSTOS"), os.Getenv("GOHOSTARCH")} // nfpm itself runs here
		if err := r.command(tool, "go", "tool", "-modfile=scripts/tools/go.mod", "nfpm", "package", "-f", file, "-p", format, "-t", target); err != nil {
			return err
		}
	}
	return nil
}

// packageContents are the files of a package, where the distribution expects them.
func packageContents(format, bin string) (list []content) {
	zsh := map[string]string{"deb": "usr/share/zsh/vendor-completions/_", "rpm": "usr/share/zsh/site-functions/_"}[format]
	for _, name := range programs {
		list = append(list,
			content{"usr/bin/" + name, filepath.Join(bin, name), 0o755},
			content{"usr/share/man/man1/" + name + ".1.gz", "cmd/" + name + "/" + name + ".1", 0o644},
			content{"usr/share/bash-completion/completions/" + name, "scripts/completion/bash/" + name, 0o644},
			content{zsh + name, "scripts/completion/zsh/_" + name, 0o644},
			content{"usr/share/fish/vendor_completions.d/" + name + ".fish", "scripts/completion/fish/" + name + ".fish", 0o644})
	}
	for _, unit := range glob("scripts/systemd/wm-*") {
		list = append(list, content{"usr/lib/systemd/system/" + filepath.Base(unit), unit, 0o644})
	}
	for _, file := range append(glob("scripts/recipes/*"), "scripts/prometheus/alerts.yaml", "scripts/prometheus/prometheus.yaml") {
		list = append(list, content{"usr/share/doc/wm/" + strings.TrimPrefix(file, "scripts/"), file, 0o644})
	}
	return append(list,
		content{"usr/share/man/man7/wm.7.gz", "cmd/wm.7", 0o644},
		content{"usr/share/doc/wm/copyright", "LICENSE", 0o644},
		content{"usr/share/doc/wm/" + licensesFile, filepath.Join(filepath.Dir(bin), licensesFile), 0o644},
		content{"usr/share/doc/wm/README.md", "README.md", 0o644},
		content{"usr/share/doc/wm/CHANGELOG.md", "CHANGELOG.md", 0o644},
		content{"usr/share/doc/wm/wm.yaml", "scripts/wm.yaml", 0o644})
}

// glob returns the files that match a pattern without a fault.
func glob(pattern string) []string {
	files, _ := filepath.Glob(pattern)
	return files
}

// stage copies a file into the tree of a package.
func (r release) stage(tree string, c content) error {
	text, err := os.ReadFile(c.source)
	if err != nil {
		return err
	}
	if strings.HasSuffix(c.name, ".gz") {
		if text, err = compressed(text); err != nil {
			return err
		}
	}
	file := filepath.Join(tree, c.name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file, text, os.FileMode(c.mode)); err != nil {
		return err
	}
	return os.Chtimes(file, r.time, r.time)
}

func compressed(text []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(z, bytes.NewReader(text)); err != nil {
		return nil, err
	}
	err = z.Close()
	return out.Bytes(), err
}
