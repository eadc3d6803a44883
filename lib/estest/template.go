package estest

// The template that wm-es puts has been put when a case begins. Its name is the
// beginning of the pattern.
var templateCases = []testcase{
	{"template", []exchange{
		{request: "GET /_index_template/{i}-stream", answer: want{
			"index_templates.#":                                          "1",
			"index_templates.0.name":                                     `"{i}-stream"`,
			"index_templates.0.index_template.index_patterns":            `["{i}-*"]`,
			"index_templates.0.index_template._meta.description":         `"Wikimedia EventStreams, written by wm-es"`,
			"index_templates.0.index_template.template.mappings.dynamic": `false`,
		}},
		{request: "GET /_index_template/{i}-none", status: 404, answer: want{"error.type": `"resource_not_found_exception"`}},
		{request: "PUT /_index_template/{i}-other", body: `{"index_patterns":["{i}-other-*"],"priority":300,
			"_meta":{"digest":"0123"},"template":{"settings":{"index":{"number_of_shards":1}},"mappings":{"dynamic":false,"properties":{"a":{"type":"keyword"}}}}}`,
			answer: want{"acknowledged": "true"}},
		{request: "GET /_index_template/{i}-other", answer: want{"index_templates.0.index_template._meta.digest": `"0123"`}},
		{request: "PUT /_index_template/{i}-other", body: `{"index_patterns":["{i}-other-*"],"priority":300,"_meta":{"digest":"4567"}}`,
			answer: want{"acknowledged": "true"}},
		{request: "GET /_index_template/{i}-other", answer: want{"index_templates.0.index_template._meta.digest": `"4567"`}},
		{request: "DELETE /_index_template/{i}-other", answer: want{"acknowledged": "true"}},
	}},
	{"template with settings", []exchange{
		{request: "PUT /_index_template/{i}-other", body: `{"index_patterns":["{i}-other-*"],"priority":300,
			"template":{"settings":{"index":{"number_of_shards":1,"number_of_replicas":0,"refresh_interval":"5s"}},"mappings":{"dynamic":false}}}`,
			answer: want{"acknowledged": "true"}},
		{request: "GET /_index_template/{i}-other", answer: want{
			"index_templates.0.index_template.template.settings.index.number_of_shards":   `"1"`,
			"index_templates.0.index_template.template.settings.index.number_of_replicas": `"0"`,
			"index_templates.0.index_template.template.settings.index.refresh_interval":   `"5s"`,
		}},
		// Neither has lifecycle management: the Elasticsearch that Maven has is without X-Pack.
		{request: "PUT /_index_template/{i}-other", status: 400,
			body: `{"index_patterns":["{i}-other-*"],"priority":300,"template":{"settings":{"index":{"lifecycle":{"name":"p"}}}}}`},
		{request: "DELETE /_index_template/{i}-other", answer: want{"acknowledged": "true"}},
	}},
	{"index by name", []exchange{
		{request: "PUT /{i}-one", answer: want{"acknowledged": "true", "index": `"{i}-one"`}},
		{request: "PUT /{i}-one", status: 400, answer: want{"error.type": `"resource_already_exists_exception"`}},
		{request: "HEAD /{i}-one"},
		{request: "HEAD /{i}-two", status: 404},
		{request: "GET /{i}-one/_mapping", answer: want{
			"{i}-one.mappings.dynamic":                               `"false"`,
			"{i}-one.mappings.properties.wm.properties.delta.type":   `"long"`,
			"{i}-one.mappings.properties.title.fields.text.type":     `"text"`,
			"{i}-one.mappings.properties.timestamp.format":           `"epoch_second"`,
			"{i}-one.mappings.properties.log_params.enabled":         `false`,
			"{i}-one.mappings.properties.meta.properties.uri.index":  `false`,
			"{i}-one.mappings.properties.user.ignore_above":          `1024`,
			"{i}-one.mappings.properties.length.properties.new.type": `"long"`,
		}},
		{request: "GET /{i}-two/_mapping", status: 404, answer: want{"error.type": `"index_not_found_exception"`}},
		{request: "GET /_cat/indices/{i}-*?h=index,docs.count&format=json", answer: want{"0.index": `"{i}-one"`, "0.docs\\.count": `"0"`}},
		{request: "DELETE /{i}-*", status: 400, answer: want{"error.type": `"illegal_argument_exception"`}},
		{request: "DELETE /{i}-one", answer: want{"acknowledged": "true"}},
		{request: "DELETE /{i}-one", status: 404, answer: want{"error.type": `"index_not_found_exception"`}},
	}},
}
