package estest

import "strings"

// bulk is how wm-es asks: with a filter that leaves the outcome of each document.
const bulk = "POST /_bulk?filter_path=took,errors,items.*.status,items.*.error"

// create makes the two lines of a document.
func create(id, document string) string {
	return `{"create":{"_index":"{i}-a","_id":"` + id + `"}}` + "\n" + document + "\n"
}

var bulkCases = []testcase{
	{"create once", []exchange{
		{request: bulk, body: create("1", `{"title":"A"}`) + create("2", `{"title":"B"}`) + create("1", `{"title":"C"}`), answer: want{
			"errors": "true", "items.#": "3",
			"items.0":                   `{"create":{"status":201}}`,
			"items.1":                   `{"create":{"status":201}}`,
			"items.2.create.status":     "409",
			"items.2.create.error.type": `"version_conflict_engine_exception"`,
		}},
		{request: bulk, body: create("2", `{"title":"B"}`) + create("3", `{"title":"D"}`), answer: want{
			"errors": "true", "items.#": "2", "items.0.create.status": "409", "items.1.create.status": "201"}},
		{request: bulk, body: create("4", `{"title":"E"}`), answer: want{"errors": "false", "items.#": "1"}},
		{request: "POST /{i}-*/_refresh", answer: want{"_shards.failed": "0"}},
		{request: "GET /{i}-a/_count", answer: want{"count": "4"}},
	}},
	{"compressed", []exchange{
		{request: bulk, gzip: true, body: create("1", `{"title":"A"}`) + create("2", `{"title":"B"}`), answer: want{"errors": "false", "items.#": "2"}},
	}},
	{"the line comes back as it went in", []exchange{
		{request: bulk, body: create("1", `{"title" : "caf\u00e9 é","b":1.0e3,"a":[ ],"big":12345678901234567890}`), answer: want{"errors": "false"}},
		{request: "POST /{i}-a/_refresh"},
		{request: "POST /{i}-a/_search", body: `{"query":{"match_all":{}}}`, answer: want{
			"hits.hits.0._source": `{"title" : "caf\u00e9 é","b":1.0e3,"a":[ ],"big":12345678901234567890}`, "hits.hits.0._id": `"1"`}},
	}},
	{"odd ids", []exchange{
		{request: bulk, body: create(`a/b c?%\"\\é`, `{}`) + create(strings.Repeat("x", 512), `{}`), answer: want{"errors": "false"}},
		{request: "POST /{i}-a/_refresh"},
		{request: "GET /{i}-a/_count", answer: want{"count": "2"}},
		// One id that is too long is the end of the whole request.
		{request: bulk, body: create("1", `{}`) + create(strings.Repeat("x", 513), `{}`), status: 400,
			answer: want{"error.type": `"action_request_validation_exception"`}},
		{request: "GET /{i}-a/_count", answer: want{"count": "2"}},
	}},
	{"documents at fault", []exchange{
		{request: bulk, body: create("1", `{"namespace":"talk"}`) + create("2", `{"title":{"a":1}}`) + create("3", `{"@timestamp":"yesterday"}`) +
			create("4", `{"bot":"perhaps"}`) + create("5", `{"namespace":9223372036854775808}`) + create("6", `{"length":7}`) +
			create("7", `{"title":["A",null],"namespace":[1,2]}`) + create("8", `{"log_params":{"a":[{"b":"c"}]},"unheard_of":{"x":"y"}}`), answer: want{
			"errors": "true", "items.#": "8",
			"items.0.create.status": "400", "items.0.create.error.type": `"document_parsing_exception"`, "items.0.create.error.caused_by.type": `"illegal_argument_exception"`,
			"items.1.create.status": "400", "items.1.create.error.type": `"document_parsing_exception"`,
			"items.2.create.status": "400", "items.2.create.error.type": `"document_parsing_exception"`,
			"items.3.create.status": "400", "items.3.create.error.type": `"document_parsing_exception"`,
			"items.4.create.status": "400", "items.4.create.error.type": `"document_parsing_exception"`,
			"items.5.create.status": "400", "items.5.create.error.type": `"document_parsing_exception"`,
			"items.6": `{"create":{"status":201}}`,
			"items.7": `{"create":{"status":201}}`,
		}},
	}},
	{"an index that cannot be named so", []exchange{
		{request: bulk, body: `{"create":{"_index":"Upper","_id":"1"}}` + "\n{}\n" + create("1", `{}`), answer: want{
			"items.0.create.status": "400", "items.0.create.error.type": `"invalid_index_name_exception"`, "items.1.create.status": "201"}},
	}},
	{"no bulk request", []exchange{
		{request: bulk, body: "{\"create\":{}\n{}\n", status: 400},
		{request: bulk, body: `{"create":{"_index":"{i}-a","_id":"1"}}` + "\n" + `{"a":1}`, status: 400, answer: want{"error.type": `"illegal_argument_exception"`}},
	}},
}
