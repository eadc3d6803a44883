package simulate

// site is a kind of wiki, which determines the names and the changes of its pages.
type site int

const (
	pedia    site = iota // articles: Wikipedias, Wiktionaries and the like
	commons              // files
	wikidata             // items
)

// wiki is one wiki and how active it is. The counts were measured on
// captured streams of 2019 to 2026, 2,773 events of recentchange in total.
type wiki struct {
	wikiRow
	pages  string // common beginning of the URLs of its pages
	number int    // its index in the table
}

type wikiRow struct {
	id       string // "enwiki"
	domain   string
	site     site
	language *language

	edits, news, logs, categorized int // how often each was observed
	bots                           int // percent of its changes that bots made
	patrols                        bool
}

var wikis = func() (list []*wiki) {
	for i, row := range wikiTable {
		list = append(list, &wiki{row, "https://" + row.domain + "/wiki/", i})
	}
	return list
}()

var wikiTable = []wikiRow{
	{"commonswiki", "commons.wikimedia.org", commons, english, 251, 6, 44, 472, 52, true},
	{"wikidatawiki", "www.wikidata.org", wikidata, english, 581, 5, 8, 0, 44, true},
	{"enwiki", "en.wikipedia.org", pedia, english, 196, 8, 23, 98, 10, false},
	{"viwiki", "vi.wikipedia.org", pedia, vietnamesePedia, 208, 1, 3, 15, 96, true},
	{"ruwiki", "ru.wikipedia.org", pedia, russian, 27, 1, 4, 26, 10, false},
	{"dewiki", "de.wikipedia.org", pedia, german, 37, 2, 9, 10, 2, false},
	{"frwiki", "fr.wikipedia.org", pedia, french, 39, 2, 3, 9, 9, true},
	{"cewiki", "ce.wikipedia.org", pedia, chechen, 2, 6, 0, 43, 100, true},
	{"zhwiki", "zh.wikipedia.org", pedia, chinesePedia, 31, 1, 3, 8, 11, false},
	{"arwiki", "ar.wikipedia.org", pedia, arabicPedia, 16, 1, 18, 5, 32, false},
	{"enwiktionary", "en.wiktionary.org", pedia, english, 7, 2, 0, 28, 6, true},
	{"hewiki", "he.wikipedia.org", pedia, hebrewPedia, 5, 2, 4, 24, 1, true},
	{"itwiki", "it.wikipedia.org", pedia, italian, 24, 1, 2, 6, 1, true},
	{"eswiki", "es.wikipedia.org", pedia, spanish, 24, 1, 5, 1, 1, false},
	{"jawiki", "ja.wikipedia.org", pedia, japanesePedia, 21, 2, 2, 3, 1, false},
	{"fawiki", "fa.wikipedia.org", pedia, persianPedia, 8, 1, 7, 9, 25, true},
	{"cawiki", "ca.wikipedia.org", pedia, catalan, 17, 0, 0, 5, 50, true},
	{"cebwiki", "ceb.wikipedia.org", pedia, english, 9, 1, 0, 12, 100, false},
	{"ruwikinews", "ru.wikinews.org", pedia, russian, 1, 4, 0, 17, 100, true},
	{"svwiki", "sv.wikipedia.org", pedia, swedish, 6, 1, 3, 9, 5, false},
	{"trwiki", "tr.wikipedia.org", pedia, turkish, 3, 1, 2, 7, 15, false},
	{"ukwiki", "uk.wikipedia.org", pedia, ukrainian, 12, 0, 1, 3, 53, false},
	{"idwiki", "id.wikipedia.org", pedia, indonesian, 3, 2, 3, 3, 0, true},
	{"huwiki", "hu.wikipedia.org", pedia, hungarian, 7, 0, 1, 3, 0, false},
	{"ptwiki", "pt.wikipedia.org", pedia, portuguese, 10, 0, 1, 1, 0, true},
	{"kowiki", "ko.wikipedia.org", pedia, koreanPedia, 7, 0, 2, 1, 0, false},
	{"nlwiki", "nl.wikipedia.org", pedia, dutch, 5, 1, 2, 2, 0, true},
	{"simplewiki", "simple.wikipedia.org", pedia, english, 1, 1, 0, 9, 0, true},
	{"ukwikibooks", "uk.wikibooks.org", pedia, ukrainian, 4, 0, 0, 5, 0, false},
	{"frwikisource", "fr.wikisource.org", pedia, french, 3, 1, 0, 5, 0, true},
	{"mediawikiwiki", "www.mediawiki.org", pedia, english, 6, 0, 1, 0, 37, true},
	{"plwikinews", "pl.wikinews.org", pedia, polish, 0, 1, 0, 6, 0, true},
	{"thwiki", "th.wikipedia.org", pedia, thaiPedia, 3, 0, 0, 4, 0, false},
	{"enwikisource", "en.wikisource.org", pedia, english, 3, 1, 0, 3, 0, true},
	{"frwiktionary", "fr.wiktionary.org", pedia, french, 4, 1, 0, 1, 0, true},
	{"urwiki", "ur.wikipedia.org", pedia, urdu, 4, 0, 0, 2, 100, false},
	{"jawiktionary", "ja.wiktionary.org", pedia, japanesePedia, 6, 0, 0, 0, 100, true},
	{"plwikisource", "pl.wikisource.org", pedia, polish, 2, 0, 0, 4, 0, false},
	{"mgwiktionary", "mg.wiktionary.org", pedia, malagasy, 4, 1, 0, 4, 100, true},
	{"plwiki", "pl.wikipedia.org", pedia, polish, 3, 1, 1, 0, 0, false},
	{"hiwiki", "hi.wikipedia.org", pedia, hindi, 1, 0, 0, 4, 100, true},
	{"enwikibooks", "en.wikibooks.org", pedia, english, 3, 0, 0, 0, 0, false},
	{"specieswiki", "species.wikimedia.org", pedia, english, 1, 1, 0, 3, 0, true},
}

func wikiNamed(id string) *wiki {
	for _, w := range wikis {
		if w.id == id {
			return w
		}
	}
	return wikis[0]
}

// Where the changes of each type happen.
var (
	wikisByEdits       = byWeight(wikis, func(w *wiki) int { return w.edits })
	wikisByNews        = byWeight(wikis, func(w *wiki) int { return w.news })
	wikisByLogs        = byWeight(wikis, func(w *wiki) int { return w.logs })
	wikisByCategorized = byWeight(wikis, func(w *wiki) int { return w.categorized })
)

// types are the types of recentchange events.
var types = byShare(
	share[string]{"edit", 1659},
	share[string]{"categorize", 899},
	share[string]{"log", 150},
	share[string]{"new", 63},
	share[string]{"142", 2},
)

// Numbers of namespaces that have a name in every language.
const (
	spaceMain     = 0
	spaceTalk     = 1
	spaceUser     = 2
	spaceUserTalk = 3
	spaceProject  = 4
	spaceFile     = 6
	spaceTemplate = 10
	spaceCategory = 14
)

var spacesOfItems = byShare(share[int]{spaceMain, 579}, share[int]{146, 2}, share[int]{120, 2}, share[int]{spaceProject, 1})

var spacesOfFiles = byShare(share[int]{spaceFile, 238}, share[int]{spaceProject, 6}, share[int]{spaceCategory, 5}, share[int]{spaceUser, 2})

var spacesOfArticles = byShare(
	share[int]{spaceMain, 709}, share[int]{spaceUserTalk, 43}, share[int]{spaceUser, 25}, share[int]{spaceProject, 24},
	share[int]{spaceTemplate, 21}, share[int]{spaceTalk, 20}, share[int]{104, 12}, share[int]{100, 5},
	share[int]{spaceCategory, 4}, share[int]{102, 4}, share[int]{118, 3}, share[int]{15, 3}, share[int]{828, 3},
)

// spacesOfNews are the namespaces of new pages.
var spacesOfNews = byShare(
	share[int]{spaceMain, 31}, share[int]{spaceUserTalk, 7}, share[int]{spaceCategory, 5}, share[int]{spaceUser, 3},
	share[int]{spaceTemplate, 3}, share[int]{828, 3}, share[int]{104, 2}, share[int]{spaceProject, 2}, share[int]{15, 2},
	share[int]{spaceTalk, 1}, share[int]{102, 1},
)

// space returns a namespace's name in the language of the wiki, or "" for the
// main one.
func (w *wiki) space(number int) string {
	l := w.language
	switch number {
	case spaceMain:
		return ""
	case spaceTalk:
		return l.talk
	case spaceUser:
		return l.user
	case spaceUserTalk:
		return l.userTalk
	case spaceProject:
		return w.project()
	case spaceFile:
		return l.file
	case spaceTemplate:
		return l.template
	case spaceCategory:
		return l.category
	}
	return rareSpaces[number]
}

func (w *wiki) project() string {
	switch w.site {
	case commons:
		return "Commons"
	case wikidata:
		return "Wikidata"
	}
	return w.language.project
}

// rareSpaces are namespaces that few wikis translate.
var rareSpaces = map[int]string{
	-1: "Special", 15: "Category talk", 100: "Portal", 102: "Project", 104: "Page", 118: "Draft",
	120: "Property", 146: "Lexeme", 828: "Module", 2600: "Topic",
}
