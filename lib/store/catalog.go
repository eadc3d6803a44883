package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Template defines indices whose names match one of its patterns.
type Template struct {
	Name     string
	Patterns []string // with * for any run of characters
	Priority int64    // the highest of the matching templates wins
	Mapping  json.RawMessage
	Settings json.RawMessage // stored and shown, without effect
	Body     json.RawMessage // the whole template as given
}

const catalogFile = "catalog" + fileSuffix

// catalogVersion is the version of the catalog's file.
const catalogVersion = 1

// catalog keeps the templates in a separate file.
type catalog struct{ db *sql.DB }

func openCatalog(dir string) (*catalog, error) {
	path := filepath.Join(dir, catalogFile)
	db, err := openDB(path)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	c := &catalog{db}
	if err := c.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, diskError(err)), db.Close())
	}
	return c, nil
}

func (c *catalog) load() error {
	_, err := c.db.Exec(`CREATE TABLE IF NOT EXISTS templates (name TEXT PRIMARY KEY, template TEXT NOT NULL) WITHOUT ROWID`)
	if err != nil {
		return err
	}
	var version int
	if err := c.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	switch version {
	case 0:
		_, err = c.db.Exec(fmt.Sprintf("PRAGMA user_version = %d", catalogVersion))
		return err
	case catalogVersion:
		return nil
	}
	return fmt.Errorf("file format %d, this wm-store reads %d", version, catalogVersion)
}

// all returns the templates by name.
func (c *catalog) all() ([]Template, error) {
	bodies, err := values[[]byte](context.Background(), c.db, "SELECT template FROM templates ORDER BY name")
	list := make([]Template, len(bodies))
	for i, body := range bodies {
		if err == nil {
			err = json.Unmarshal(body, &list[i])
		}
	}
	return list, err
}

// PutTemplate adds a template or replaces the one of that name.
func (s *Store) PutTemplate(t Template) error {
	if t.Name == "" || strings.ContainsAny(t.Name, forbiddenInNames) || strings.ToLower(t.Name) != t.Name || t.Name[0] == '_' {
		return refuse(BadTemplate, "index_template [%s] invalid, cause [Validation Failed: 1: not a name for a template;]", t.Name)
	}
	if len(t.Mapping) > 0 {
		if _, err := ParseMapping(t.Mapping); err != nil {
			return err
		}
	}
	s.making.Lock()
	defer s.making.Unlock()
	if err := s.checkPriority(t); err != nil {
		return err
	}
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	_, err = s.catalog.db.Exec("INSERT INTO templates VALUES (?, ?) ON CONFLICT DO UPDATE SET template = excluded.template", t.Name, body)
	return diskError(err)
}

// checkPriority rejects a template that overlaps another of the same priority.
func (s *Store) checkPriority(t Template) error {
	all, err := s.catalog.all()
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Name != t.Name && other.Priority == t.Priority && overlapAny(other.Patterns, t.Patterns) {
			return refuse(BadArgument, "index template [%s] has index patterns [%s] matching patterns from existing templates [%s]"+
				" with patterns (%[3]s => [%s]) that have the same priority [%d], multiple index templates may not match during"+
				" index creation, please use a different priority",
				t.Name, strings.Join(t.Patterns, ", "), other.Name, strings.Join(other.Patterns, ", "), t.Priority)
		}
	}
	return nil
}

func overlapAny(a, b []string) bool {
	return slices.ContainsFunc(a, func(p string) bool {
		return slices.ContainsFunc(b, func(q string) bool { return overlap(p, q) })
	})
}

// Templates returns the templates whose name matches a pattern, by name.
func (s *Store) Templates(pattern string) ([]Template, error) {
	all, err := s.catalog.all()
	return slices.DeleteFunc(all, func(t Template) bool { return !wildcard(pattern, t.Name) }), err
}

// DeleteTemplate removes a template. Indices made from it stay as they are.
func (s *Store) DeleteTemplate(name string) error {
	s.making.Lock()
	defer s.making.Unlock()
	res, err := s.catalog.db.Exec("DELETE FROM templates WHERE name = ?", name)
	if err != nil {
		return diskError(err)
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return refuse(TemplateMissing, "index_template [%s] missing", name)
	}
	return nil
}

// templateFor returns the template for an index of that name.
func (s *Store) templateFor(name string) (t Template, found bool, err error) {
	all, err := s.catalog.all()
	for _, candidate := range all {
		matches := slices.ContainsFunc(candidate.Patterns, func(p string) bool { return wildcard(p, name) })
		if matches && (!found || candidate.Priority > t.Priority) {
			t, found = candidate, true
		}
	}
	return t, found, err
}
