package main

// streams are the streams that exist at the start, with their short names. Each
// has a topic in both data centers.
var streams = map[string]string{
	"eventgate-main.test.event": "test",

	"mediawiki.page-create": "page-create", "mediawiki.page-delete": "page-delete",
	"mediawiki.page-links-change": "page-links-change", "mediawiki.page-move": "page-move",
	"mediawiki.page-properties-change": "page-properties-change", "mediawiki.page-undelete": "page-undelete",
	"mediawiki.recentchange": "recentchange", "mediawiki.revision-create": "revision-create",

	"mediawiki.page_change.v1": "", "mediawiki.revision-tags-change": "", "mediawiki.revision-visibility-change": "",
}

// topics returns the topics of a stream.
func topics(stream string) []string { return []string{"eqiad." + stream, "codfw." + stream} }

// topicsByName returns the topics of each name that a client may use.
func topicsByName() map[string][]string {
	names := make(map[string][]string)
	for stream, short := range streams {
		names[stream] = topics(stream)
		if short != "" {
			names[short] = topics(stream)
		}
	}
	return names
}
