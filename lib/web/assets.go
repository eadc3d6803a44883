package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var static embed.FS

// assets are the files of the page. They are served below a hash over all of
// them: modules import each other by relative names, a browser may keep them
// for ever, and no file has to be rewritten.
type assets struct {
	prefix string // such as "/a/0123456789ab/"
	files  map[string]asset
}

type asset struct {
	content
	mediaType string
}

var mediaTypes = map[string]string{
	".js":  "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
}

// loadAssets reads and compresses all files once.
func loadAssets() (*assets, error) {
	a := &assets{files: make(map[string]asset)}
	sum := sha256.New()
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := static.ReadFile(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s\x00%d\x00%s", name, len(body), body)
		return a.add(strings.TrimPrefix(name, "static/"), body)
	})
	if err != nil {
		return nil, fmt.Errorf("files of the dashboard: %w", err)
	}
	a.prefix = "/a/" + hex.EncodeToString(sum.Sum(nil))[:12] + "/"
	return a, nil
}

func (a *assets) add(name string, body []byte) error {
	mediaType, ok := mediaTypes[path.Ext(name)]
	if !ok {
		return nil // the template of the page is no file of its own
	}
	zipped, err := compress(body, gzip.BestCompression)
	if err != nil {
		return err
	}
	a.files[name] = asset{content{body, zipped}, mediaType}
	return nil
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[strings.TrimPrefix(r.URL.Path, a.prefix)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	f.serve(w, r)
}

// serveIcon answers browsers that ask for an icon without reading the page.
func (a *assets) serveIcon(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	a.files["icon.svg"].serve(w, r)
}

func (f asset) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", f.mediaType)
	f.write(w, r)
}

func compress(body []byte, level int) ([]byte, error) {
	var buf bytes.Buffer
	zw, err := gzip.NewWriterLevel(&buf, level)
	if err != nil {
		return nil, err
	}
	if _, err := zw.Write(body); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
