package event_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
)

func TestDerive(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name, line string
		want       event.Derived
	}{
		{"edit", `{"meta":{"dt":"2026-11-23T12:00:00.250Z"},"type":"edit","title":"A page","comment":"typo","timestamp":1795435198,"user":"Example","bot":false,"length":{"old":120,"new":100},"wiki":"enwiki"}`,
			event.Derived{Timestamp: at.Add(250 * time.Millisecond), Wiki: "enwiki", User: "Example", Page: "enwiki:A page",
				UserKind: event.KindRegistered, Delta: event.Int{Value: -20, OK: true}, LagMS: event.Int{Value: 2250, OK: true}, Revert: event.Bool{OK: true}}},
		{"new page by a temporary account", `{"meta":{"dt":"2026-11-23T12:00:00Z"},"type":"new","title":"B","comment":"","user":"~2026-12345-67","bot":false,"length":{"new":100},"wiki":"dewiki"}`,
			event.Derived{Timestamp: at, Wiki: "dewiki", User: "~2026-12345-67", Page: "dewiki:B",
				UserKind: event.KindTemporary, Delta: event.Int{Value: 100, OK: true}, Revert: event.Bool{OK: true}}},
		{"log entry by an IP address, time with offset", `{"meta":{"dt":"2026-11-23T13:00:00+01:00"},"type":"log","title":"C","user":"2001:db8::7","bot":false,"wiki":"frwiki"}`,
			event.Derived{Timestamp: at, Wiki: "frwiki", User: "2001:db8::7", Page: "frwiki:C", UserKind: event.KindAddress}},
		{"the user was removed", `{"meta":{"dt":"2026-11-23T12:00:00Z"},"type":"log","title":"D","wiki":"frwiki"}`,
			event.Derived{Timestamp: at, Wiki: "frwiki", Page: "frwiki:D", UserKind: event.KindHidden}},
		{"bot", `{"meta":{"dt":"2026-11-23T12:00:00Z"},"type":"categorize","title":"E","user":"192.0.2.1","bot":true,"wiki":"frwiki"}`,
			event.Derived{Timestamp: at, Wiki: "frwiki", User: "192.0.2.1", Page: "frwiki:E", UserKind: event.KindBot}},
		{"revision-create", `{"meta":{"dt":"2026-11-23T12:00:00Z","stream":"mediawiki.revision-create"},"database":"itwiki","page_title":"Una_pagina","performer":{"user_text":"Esempio","user_is_bot":false}}`,
			event.Derived{Timestamp: at, Wiki: "itwiki", User: "Esempio", Page: "itwiki:Una pagina", UserKind: event.KindRegistered}},
		{"page_change without its performer", `{"meta":{"stream":"mediawiki.page_change.v1"},"dt":"2026-11-23T12:00:00Z","wiki_id":"itwiki","page":{"page_title":"X_Y"},"performer":{}}`,
			event.Derived{Timestamp: at, Wiki: "itwiki", Page: "itwiki:X Y", UserKind: event.KindHidden}},
		{"page_change", `{"meta":{"stream":"mediawiki.page_change.v1"},"dt":"2026-11-23T12:00:00Z","wiki_id":"itwiki","page":{"page_title":"Discussione:X_Y","namespace_id":1},"performer":{"user_text":"Robot","is_bot":true,"is_temp":false},"revision":{"rev_id":42,"editor":{"user_text":"Other","is_temp":true}}}`,
			event.Derived{Timestamp: at, Wiki: "itwiki", Page: "itwiki:Discussione:X Y", User: "Robot", UserKind: event.KindBot,
				Rev: event.Int{Value: 42, OK: true}, Talk: event.Bool{Value: true, OK: true}}},
		{"risk, user only as editor", `{"meta":{"stream":"mediawiki.page_revert_risk_prediction_change.v1"},"dt":"2026-11-23T12:00:00Z","wiki_id":"itwiki","page":{"page_title":"X","namespace_id":0},"revision":{"rev_id":42,"editor":{"user_text":"Ospite","is_bot":false,"is_temp":true}},"predicted_classification":{"model_name":"revertrisk-language-agnostic","predictions":["true"],"probabilities":{"true":0.926,"false":0.074}}}`,
			event.Derived{Timestamp: at, Wiki: "itwiki", Page: "itwiki:X", User: "Ospite", UserKind: event.KindTemporary,
				Rev: event.Int{Value: 42, OK: true}, Talk: event.Bool{OK: true}, Risk: event.Float{Value: 0.926, OK: true}}},
		{"risk, the editor hidden", `{"meta":{"stream":"mediawiki.page_revert_risk_prediction_change.v1"},"dt":"2026-11-23T12:00:00Z","wiki_id":"itwiki","predicted_classification":{"model_name":"revertrisk","probabilities":{"true":0}}}`,
			event.Derived{Timestamp: at, Wiki: "itwiki", UserKind: event.KindHidden, Risk: event.Float{OK: true}}},
		{"another model's prediction", `{"dt":"2026-11-23T12:00:00Z","predicted_classification":{"model_name":"outlink-topic","probabilities":{"true":0.5}}}`, event.Derived{Timestamp: at}},
		{"tags-change", `{"meta":{"dt":"2026-11-23T12:00:00Z","stream":"mediawiki.revision-tags-change"},"database":"itwiki","page_title":"X_Y","page_namespace":3,"rev_id":42,"tags":["mw-reverted"],"performer":{"user_text":"192.0.2.7","user_is_bot":false}}`,
			event.Derived{Timestamp: at, Wiki: "itwiki", Page: "itwiki:X Y", User: "192.0.2.7", UserKind: event.KindAddress,
				Rev: event.Int{Value: 42, OK: true}, Talk: event.Bool{Value: true, OK: true}}},
		{"special namespace, revision of recentchange", `{"namespace":-1,"revision":{"old":6,"new":7}}`, event.Derived{Rev: event.Int{Value: 7, OK: true}}},
		{"a key that repeats", `{"wiki":"a","wiki":"b","\u0077iki":"c"}`, event.Derived{Wiki: "a"}},
		{"a key with an escape", `{"\u0077iki":"c"}`, event.Derived{Wiki: "c"}},
		{"not valid JSON", `{"wiki":"a","x":tru}`, event.Derived{}},
		{"a stream that names no user", `{"meta":{"dt":"2026-11-23T12:00:00Z","stream":"mediawiki.page-links-change"},"database":"itwiki"}`,
			event.Derived{Timestamp: at, Wiki: "itwiki"}},
		{"only a timestamp", `{"timestamp":1795435200,"wiki":"x"}`, event.Derived{Timestamp: at, Wiki: "x"}},
		{"nothing", `{}`, event.Derived{}},
		{"not an object", `[1,2`, event.Derived{}},
		{"fields of other types", `{"meta":7,"timestamp":"soon","user":3,"wiki":[],"length":"long","title":{},"type":false}`, event.Derived{UserKind: event.KindHidden}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := event.New([]byte(tt.line)).Derive(); got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestIndexTime(t *testing.T) {
	for line, want := range map[string]string{
		`{"@timestamp":"2026-11-23T13:00:00+01:00","meta":{"dt":"2026-01-01T00:00:00Z"}}`: "2026-11-23T12:00:00Z",
		`{"@timestamp":"soon","meta":{"dt":"2026-01-01T00:00:00Z"}}`:                      "2026-01-01T00:00:00Z",
		`{"dt":"2026-01-02T00:00:00Z"}`:                                                   "2026-01-02T00:00:00Z",
		`{}`:                                                                              "0001-01-01T00:00:00Z",
	} {
		if got := event.New([]byte(line)).IndexTime().Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

func TestIsRevert(t *testing.T) {
	tests := map[string]bool{
		"Undid revision 123 by [[Special:Contributions/Example|Example]] ([[User talk:Example|talk]])": true,
		"Reverted 1 edit by [[Special:Contributions/192.0.2.1|192.0.2.1]]":                             true,
		"/* History */ rvv":                                                                               true,
		"/* undo:0||1495479364|Example */ self rv":                                                        true,
		"Änderung 12 von Beispiel rückgängig gemacht":                                                     true,
		"[[ВП:Откат|откат]] правок [[Special:Contribs/192.0.2.1]]":                                        true,
		"Deshecha la edición 1 de [[Especial:Contribuciones/Ejemplo]]":                                    true,
		"Die 2 letzten Textänderungen wurden verworfen und die Version 5 von Beispiel wiederhergestellt.": true,
		"[[Help:Revert a page|Reverted]] edits by [[Special:Contributions/Example|Example]]":              true,
		"Odbijena posljednja izmjena teksta korisnika [[Posebno:Doprinosi/Primjer|Primjer]]":              true,
		"[[Special:Contributions/Misol|Misol]] tahrirlari [[User:Boshqa|Boshqa]] versiyasiga qaytarildi":  true,
		"利用者:例による編集を取り消し。出典なし。":                                                                           true,
		"ویرایش [[Special:Contributions/192.0.2.1|192.0.2.1]] به آخرین تغییری که نمونه انجام داده بود واگردانده شد": true,
		"به نسخهٔ 5 از [[Special:Contributions/192.0.2.1|192.0.2.1]] برگردانده شد":                                  true,
		"۱ ویرایش از [[Special:Contributions/192.0.2.1|192.0.2.1]] به آخرین نسخه توسط نمونه برگردانی شد":            true,
		"":                            false,
		"/* History */ added a river": false,
		"/* wbsetclaim-create:2||1 */ [[Property:P31]]: [[Q5]]": false,
		"discussing why it was not a revert":                    false,
		"review of the article":                                 false,
		"Importing description: Nigerian Senate election":       false,
	}
	for comment, want := range tests {
		if got := event.IsRevert(comment); got != want {
			t.Errorf("IsRevert(%q) = %v, want %v", comment, got, want)
		}
	}
}

// steps is a source of fixed lines and errors.
type steps []any

func (s steps) Events(ctx context.Context) iter.Seq2[event.Event, error] {
	return func(yield func(event.Event, error) bool) {
		for _, step := range s {
			if err, ok := step.(error); ok {
				if !yield(event.Event{}, err) {
					return
				}
				continue
			}
			if !yield(event.New([]byte(step.(string))), nil) {
				return
			}
		}
	}
}

// tray is a sink that keeps what it gets and refuses one line.
type tray struct {
	lines  []string
	closed int
}

func (t *tray) Put(_ context.Context, e event.Event) error {
	if string(e.Line()) == "refuse" {
		return errors.New("refused")
	}
	t.lines = append(t.lines, string(e.Line()))
	return nil
}

func (t *tray) Close(context.Context) error { t.closed++; return nil }

func TestCopy(t *testing.T) {
	bad := &event.LineError{Place: "x:2", Err: errors.New("bad")}
	broken := errors.New("broken")
	tests := []struct {
		name     string
		src      event.Source
		want     string
		reported int
		err      string
	}{
		{"all", steps{"a", "b"}, "a b", 0, ""},
		{"a bad line is reported and the rest copied", steps{"a", bad, "b"}, "a b", 1, ""},
		{"another error ends it", steps{"a", broken, "b"}, "a", 0, "broken"},
		{"the sink's error ends it", steps{"a", "refuse", "b"}, "a", 0, "refused"},
		{"limit", event.Limit(steps{"a", bad, "b", "c"}, 2), "a b", 1, ""},
		{"limit of nothing", event.Limit(steps{"a"}, 0), "", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dst, reported := &tray{}, 0
			err := event.Copy(t.Context(), t.Context(), dst, tt.src, func(error) { reported++ })
			if got := strings.Join(dst.lines, " "); got != tt.want || reported != tt.reported || dst.closed != 1 {
				t.Errorf("copied %q, reported %d, closed %d times; want %q, %d, once", got, reported, dst.closed, tt.want, tt.reported)
			}
			if got := fmt.Sprint(err); err != nil && got != tt.err || err == nil && tt.err != "" {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
}
