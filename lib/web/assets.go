package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed static
var static embed.FS

// assets are the files of the page. They are served below a hash of all of them:
// modules import each other by relative names, a browser may cache them forever, and
// no file has to be rewritten.
type assets struct {
	path    string // such as "/a/0123456789ab/"
	files   map[string]asset
	modules []string // names of the scripts
}

type asset struct {
	body      []byte
	mediaType string
}

var mediaTypes = map[string]string{
	".js":  "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
}

// styles is the name of the style sheet that consists of the files of static/css, in
// the order of their names.
const styles = "app.css"

// loadAssets reads all files once.
func loadAssets() (*assets, error) {
	a := &assets{files: make(map[string]asset)}
	sum := sha256.New()
	var css []byte
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := static.ReadFile(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s\x00%d\x00%s", name, len(body), body)
		if path.Ext(name) == ".css" {
			css = append(css, body...)
			return nil
		}
		a.add(strings.TrimPrefix(name, "static/"), body)
		return nil
	})
	a.add(styles, css)
	if err != nil {
		return nil, fmt.Errorf("files of the dashboard: %w", err)
	}
	a.path = "/a/" + hex.EncodeToString(sum.Sum(nil))[:12] + "/"
	return a, nil
}

func (a *assets) add(name string, body []byte) {
	mediaType, ok := mediaTypes[path.Ext(name)]
	if !ok {
		return // a template, or a licence
	}
	a.files[name] = asset{body, mediaType}
	if path.Ext(name) == ".js" {
		a.modules = append(a.modules, name)
	}
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[strings.TrimPrefix(r.URL.Path, a.path)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	f.serve(w)
}

// serveIcon serves the icon at the path that browsers request without reading the
// page.
func (a *assets) serveIcon(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	a.files["icon.svg"].serve(w)
}

func (f asset) serve(w http.ResponseWriter) {
	w.Header().Set("Content-Type", f.mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(f.body)))
	_, _ = w.Write(f.body) // the client may have disconnected
}
