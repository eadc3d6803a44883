package simulate

// Summaries on Wikidata and Wikimedia Commons, where most come from tools.
// Wikibase generates those that begin with /* wb... */.

var itemSummaries = byShare(
	share[string]{"/* wbsetlabel-add:1|$X */ $L", 130},
	share[string]{"/* wbsetlabel-set:1|$X */ $L", 12},
	share[string]{"/* wbsetdescription-add:1|$X */ $L, ([[:toollabs:editgroups/b/CB/$H|details]])", 80},
	share[string]{"/* wbeditentity-update:0| */ ([[:toollabs:editgroups/b/harvesttemplates/$H|details]])", 34},
	share[string]{"/* wbeditentity-update:0| */ Adding statements: cites work ($P)", 30},
	share[string]{"/* wbeditentity-update:0| */ QuickStatements 3.0 [[:toollabs:qs-dev/batch/$N|batch #$n]]: $P improvements with data from a catalogue", 25},
	share[string]{"/* wbeditentity-update-languages-short:0||$X */ Importing description from $Xwiki: $L", 27},
	share[string]{"/* wbsetclaim-create:2||1 */ [[Property:$P]]: [[$Q]]", 45},
	share[string]{"/* wbsetclaim-create:2||1 */ [[Property:$P]]: $N±0.000000$n astronomical unit, from JPL", 10},
	share[string]{"/* wbsetclaim-update:2||1|1 */ [[Property:$P]]: $D", 14},
	share[string]{"/* wbcreateclaim-create:1| */ [[Property:$P]]: $N", 40},
	share[string]{"/* wbsetqualifier-add:1| */ [[Property:$P]]: $D, #quickstatements; #temporary_batch_$N", 56},
	share[string]{"/* wbsetreference-add:2| */ [[Property:$P]]: [[$Q]], [[:toollabs:quickstatements/#/batch/$N|batch #$n]]", 32},
	share[string]{"/* wbsetsitelink-add:1|$Xwiki */ $L", 8},
	share[string]{"/* wbsetaliases-add:2|$X */ $L, $L", 8},
	share[string]{"/* wbremoveclaims-remove:1| */ [[Property:$P]]: [[$Q]]", 6},
	share[string]{"/* undo:0||$V|$U */", 2},
	share[string]{"/* restore:0||$V|$U */", 1},
	share[string]{"", 8},
)

var fileSummaries = byShare(
	share[string]{"/* wbeditentity-update:0| */ Added structured data claims from item '$H$H$H'. [[COM:BOTS|Leave feedback]]!", 60},
	share[string]{"/* wbeditentity-update:0| */ automatically adding [[Commons:Structured data|structured data]] based on file information", 50},
	share[string]{"/* wbsetclaim-create:2||1 */ [[d:Special:EntityPage/$P]]: [[d:Special:EntityPage/$Q]]", 40},
	share[string]{"/* wbsetclaim-create:2||1 */ [[d:Special:EntityPage/$P]]: [[d:Special:EntityPage/$Q]], ([[:toolforge:editgroups-commons/b/CB/$H|details]])", 10},
	share[string]{"/* wbsetlabel-add:1|$X */ $L", 10},
	share[string]{"Adding [[Category:$C]] based on EXIF data. [[User talk:$B|Report a bug or suggestion]].", 20},
	share[string]{"added [[Category:$C]]", 12},
	share[string]{"removed [[Category:$C]]; added [[Category:$C]]", 12},
	share[string]{"cleanup using [[User:$B/cleanup.js]]", 6},
	share[string]{"The bot failed to review many files. Asking bot for a new review.", 4},
	share[string]{"Undid revision $V by [[Special:Contributions/$U|$u]] ([[User talk:$u|talk]])", 1},
	share[string]{"", 10},
)

// newItem is the summary of a new item.
const newItem = "/* wbeditentity-create-item:0| */ $L, $L"

// uploaded is the summary of a new file.
const uploaded = "Uploaded a work by $W from own work with UploadWizard"

// autocomments are the meanings of Wikibase's summaries, in several languages.
var autocomments = []struct {
	action string
	texts  []string
}{
	{"wbeditentity-create", []string{"Created a new Item", "Neues Objekt erstellt"}},
	{"wbeditentity-update-languages", []string{"Changed label, description and/or aliases", "Label, beschrijving en/of aliassen gewijzigd"}},
	{"wbeditentity-update", []string{"Changed an entity", "Updated Item", "Ein Objekt geändert", "Zmieniono element"}},
	{"wbsetlabel-add", []string{"Added label", "Bezeichnung hinzugefügt", "Добавлена метка", "Légende ajoutée\u202f"}},
	{"wbsetlabel-set", []string{"Changed label", "Bezeichnung geändert", "Изменена метка"}},
	{"wbsetdescription-add", []string{"Added description", "إضافة وصف", "已加入描述"}},
	{"wbsetclaim-create", []string{"Created claim", "Affirmation créée\u202f", "Aussage erstellt", "建立聲稱"}},
	{"wbsetclaim-update", []string{"Changed claim", "Изменено заявление"}},
	{"wbcreateclaim", []string{"Created claim", "Creata asserzione"}},
	{"wbsetqualifier", []string{"Added qualifier", "Aggiunto qualificatore"}},
	{"wbsetreference", []string{"Added reference to claim", "Fundstelle der Aussage hinzugefügt"}},
	{"wbsetsitelink", []string{"Added link"}},
	{"wbsetaliases", []string{"Added aliases", "Aliasse hinzugefügt"}},
	{"wbremoveclaims", []string{"Removed claim", "Odstraněno tvrzení"}},
	{"undo", []string{"Undo revision"}},
	{"restore", []string{"Restored revision"}},
}

// included is what MediaWiki adds to the summary of a categorization if other
// pages include the page.
const included = ", [[Special:WhatLinksHere/$T|this page is included within other pages]]"

// oddities sometimes end a summary: text that line readers, word splitters or web
// pages may handle wrongly.
var oddities = []string{
	"\nsecond line", "\t#4269", " \u200e(right)\u200f", "\u00a0: «\u202fnarrow\u202f»", " e\u0301te\u0301", " 🎉👩🏽‍🔬", "📥en",
	" C:\\temp\\", " \"quoted\" & <b>bold</b>", " ﷽", " \u2067עברית\u2069", " \u2028", " \u0085",
}

// labelCodes are the language codes of labels.
var labelCodes = []string{"en", "de", "fr", "ar", "dv", "hy", "ru", "fi", "war", "ro", "pt", "sq", "zh-hant", "nl", "pt-br", "ceb", "smn", "ja"}

// labelScripts are the scripts of those labels.
var labelScripts = []*script{&latin, &latin, &latin, &romance, &germanic, &cyrillic, &arabic, &chinese, &japanese, &korean, &hebrew, &thai}
