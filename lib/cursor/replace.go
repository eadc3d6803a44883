package cursor

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// replace replaces the contents of a file atomically: even after a crash, a
// reader finds the old contents or the new. Once it has returned, the new
// contents are durable. The file keeps its mode; a symbolic link is followed.
func replace(name string, data []byte) error {
	name, err := target(name)
	if err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	dir := filepath.Dir(name)
	f, err := os.CreateTemp(dir, "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	if err := fill(f, data, mode); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(dir)
}

// maxLinks bounds a chain of symbolic links, as the kernel does.
const maxLinks = 40

// target follows symbolic links to the file they point to, which need not exist
// yet.
func target(name string) (string, error) {
	for range maxLinks {
		link, err := os.Readlink(name)
		if err != nil {
			return name, nil // not a link
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(name), link)
		}
		name = link
	}
	return "", &fs.PathError{Op: "readlink", Path: name, Err: errors.New("too many links")}
}

// fill writes a file and closes it.
func fill(f *os.File, data []byte, mode os.FileMode) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
