package service

import (
	"encoding/json"
	"net/http"
)

// root serves /: the specification at /?spec, a page at /?doc.
func (s *Service) root(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	switch {
	case query.Has("spec"):
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(s.spec())
	case query.Has("doc"):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!DOCTYPE html><title>EventStreams look-alike</title><a href=\"/?spec\">specification</a>\n"))
	default:
		http.Redirect(w, r, "/?doc", http.StatusSeeOther)
	}
}

func robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\nDisallow: /\n"))
}

type object = map[string]any

// spec is the part of the OpenAPI document from which clients learn the names
// of the streams.
func (s *Service) spec() object {
	streams := object{
		"name": "streams", "in": "path", "required": true, "style": "simple", "explode": false,
		"description": "Comma separated list of streams",
		"schema":      object{"type": "array", "items": object{"type": "string", "enum": s.names()}},
	}
	since := object{"name": "since", "in": "query", "schema": object{"type": "string"}}
	return object{
		"openapi": "3.0.0",
		"info":    object{"title": "EventStreams", "version": "0.9.0"},
		"paths": object{"/v2/stream/{streams}": object{"get": object{
			"parameters": []object{streams, since},
			"responses":  object{"200": object{"description": "Stream of events"}},
		}}},
	}
}
