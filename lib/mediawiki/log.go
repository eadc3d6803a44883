package mediawiki

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Log returns the log that an event is an entry of, by MediaWiki's English name
// such as "Block log", and what was done, such as "block/reblock". Both are ""
// for an event that is not a log entry.
func Log(e Fields) (name, action string) {
	kind := firstText(e, "log_type")
	if kind == "" {
		return "", ""
	}
	if action = firstText(e, "log_action"); action != "" {
		return logName(kind), kind + "/" + action
	}
	return logName(kind), kind
}

// logNames are MediaWiki's names where they are not the log's type itself.
var logNames = map[string]string{
	"abusefilter":         "Abuse filter log",
	"contentmodel":        "Content model change log",
	"create":              "Page creation log",
	"delete":              "Deletion log",
	"gblblock":            "Global block log",
	"gblrights":           "Global rights log",
	"gblrename":           "Global rename log",
	"globalauth":          "Global account log",
	"managetags":          "Tag management log",
	"massmessage":         "Mass message log",
	"newusers":            "User creation log",
	"pagetriage-curation": "Page curation log",
	"pagetriage-deletion": "Deletion tag log",
	"protect":             "Protection log",
	"renameuser":          "User rename log",
	"rights":              "User rights log",
	"stable":              "Stable version log",
	"suppress":            "Suppression log",
	"timedmediahandler":   "TimedMediaHandler log",
	"translationreview":   "Translation review log",
}

func logName(kind string) string {
	if name, ok := logNames[kind]; ok {
		return name
	}
	first, size := utf8.DecodeRuneInString(kind)
	return string(unicode.ToUpper(first)) + strings.ReplaceAll(kind[size:], "_", " ") + " log"
}
