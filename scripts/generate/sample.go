package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/wmtools/wm/lib/app"
)

const sampleHead = `# Sample configuration of wm: every key, with its default or an example. Remove
# the # before a key to set it. Pass the file with --config, or name it in
# WM_TAIL_CONFIG, WM_GREP_CONFIG, WM_CUT_CONFIG, WM_ES_CONFIG, WM_STORE_CONFIG and
# WM_SERVE_CONFIG. The command line and the environment take precedence;
# --print-config prints each value and where it comes from.
#
# Made by scripts/generate from the programs' flags; do not edit.

# The connection, shared by wm-es and wm-serve. A section of a program may set
# these too, and then takes precedence. Secrets are in files, or in WM_ES_PASSWORD
# or WM_ES_API_KEY.
`

// examples are values for flags that have no default that could be one.
var examples = map[string]string{
	"T": `"2026-01-31"`, "N": "1000", "TIME": "1h", "SIZE": "16MiB", "ADDR": "127.0.0.1:9101", "ADDRESS": "127.0.0.1:9101",
	"FILE": "/etc/wm/file", "NAME": "wm", "NAMES": "wm.example.org", "URL": "https://wm.example.org/", "SHA256": `"0123abcd"`, "ID": "deployment:abcdef",
	"TERM": "[wiki=enwiki, bot=false]", "TERMS": `'wiki=enwiki "edit war"'`, "PATTERN": "[vandal]", "FIELDS": `"@timestamp,wiki,title"`, "TEXT": `"-"`, "TIMES": "2",
}

// exampleOf are values for flags whose placeholder does not say enough.
var exampleOf = map[string]string{
	"contact": "you@example.org", "es": `["http://127.0.0.1:9200"]`, "ilm-policy": "wm", "keep": "30d", "title": "Wikimedia changes",
	"replicas": "1", "shards": "1", "workers": "2", "j": "2",
	"data":   "/var/lib/wm-store",
	"cursor": "/var/lib/wm/cursor.json", "resume": "/var/lib/wm/cursor.json", "input": "stream.txt", "f": "[patterns.txt]",
}

// sharedKeys are at the top of the file.
var sharedKeys = []string{"es", "index", "user", "password-file", "api-key-file", "ca", "fingerprint", "cloud-id", "insecure-tls"}

func sample(all []app.Description) string {
	text := sampleHead
	es := all[3]
	for _, key := range sharedKeys {
		for _, f := range es.Flags {
			if f.Names[0] == key {
				text += entry("", f, "all programs that connect")
			}
		}
	}
	for _, d := range all {
		text += "\n" + d.Name + ":\n"
		seen := map[string]bool{}
		for _, key := range sharedKeys {
			seen[key] = true
		}
		text += section(d.Flags, seen, "")
		for _, c := range d.Commands {
			text += section(c.Flags, seen, d.Name+" "+c.Name)
		}
	}
	return text
}

// section describes the flags that were not seen yet.
func section(flags []app.FlagText, seen map[string]bool, command string) (text string) {
	for _, f := range flags {
		if key := key(f); f.Variable != "" && key != "config" && !seen[key] {
			seen[key] = true
			text += entry("  ", f, command)
		}
	}
	return text
}

func entry(indent string, f app.FlagText, where string) string {
	usage := f.Usage
	if where != "" && indent != "" {
		usage = where + ": " + usage
	}
	return fmt.Sprintf("%s# %s\n%s#%s: %s\n", indent, usage, indent, key(f), value(f))
}

// key is the longest name, as in a configuration file.
func key(f app.FlagText) (long string) {
	for _, n := range f.Names {
		if len(n) > len(long) {
			long = n
		}
	}
	return long
}

// plain is text that needs no quotes in YAML.
var plain = regexp.MustCompile(`^[\w./:%{}-]+$`)

func value(f app.FlagText) string {
	if v, ok := exampleOf[key(f)]; ok && (f.Repeats == strings.HasPrefix(v, "[")) {
		return v
	}
	switch {
	case f.Value == "":
		return "false"
	case f.Default != "" && strings.Contains(f.Default, " ") || f.Default == "never" || strings.Contains(f.Default, "CURSOR"):
	case f.Default != "" && plain.MatchString(f.Default):
		return f.Default
	}
	return examples[f.Value]
}
