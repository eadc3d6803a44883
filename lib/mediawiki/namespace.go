package mediawiki

// Namespace returns the English name of a namespace by its number, as text:
// "Article" for "0". It returns "" for a number that no wiki of Wikimedia's uses
// or that means another thing in each.
func Namespace(number string) string { return namespaces[number] }

var namespaces = map[string]string{
	"-2": "Media", "-1": "Special", "0": "Article", "1": "Talk", "2": "User", "3": "User talk",
	"4": "Project", "5": "Project talk", "6": "File", "7": "File talk", "8": "MediaWiki", "9": "MediaWiki talk",
	"10": "Template", "11": "Template talk", "12": "Help", "13": "Help talk", "14": "Category", "15": "Category talk",
	"118": "Draft", "119": "Draft talk", "120": "Property", "121": "Property talk", "146": "Lexeme", "147": "Lexeme talk",
	"710": "TimedText", "711": "TimedText talk", "828": "Module", "829": "Module talk",
}
