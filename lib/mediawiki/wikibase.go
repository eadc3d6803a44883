package mediawiki

import "strings"

// wikibaseSummary renders the summary that Wikidata and Commons write for an
// edit of structured data, such as "wbsetlabel-add:1|nl", as these wikis show it
// in English: "Added [nl] label". It returns "" for any other text.
//
// The text before the colon names the message; after it follow a count and the
// message's parameters, separated by bars.
func wikibaseSummary(text string) string {
	name, rest, found := strings.Cut(text, ":")
	if !found {
		return ""
	}
	message, known := wikibaseMessages[name]
	if !known {
		return ""
	}
	if !strings.Contains(message, "$") {
		return message
	}
	parameters := append(strings.Split(rest, "|"), "", "")
	message = strings.ReplaceAll(message, "$2", strings.TrimSpace(parameters[1]))
	return strings.ReplaceAll(message, "$3", strings.TrimSpace(parameters[2]))
}

// wikibaseMessages are the messages of the edits that are frequent. $2 is the
// first parameter after the count, $3 the second.
var wikibaseMessages = map[string]string{
	"wbeditentity-create":                           "Created a new entity",
	"wbeditentity-create-item":                      "Created a new Item",
	"wbeditentity-create-property":                  "Created a new Property",
	"wbeditentity-override":                         "Cleared an entity",
	"wbeditentity-update":                           "Changed an entity",
	"wbeditentity-update-languages":                 "Changed label, description and/or aliases",
	"wbeditentity-update-languages-short":           "Changed label, description and/or aliases in $3",
	"wbeditentity-update-languages-and-other":       "Changed label, description and/or aliases, and other parts",
	"wbeditentity-update-languages-and-other-short": "Changed label, description and/or aliases in $3, and other parts",
	"wbsetlabel-add":                                "Added [$2] label",
	"wbsetlabel-set":                                "Changed [$2] label",
	"wbsetlabel-remove":                             "Removed [$2] label",
	"wbsetdescription-add":                          "Added [$2] description",
	"wbsetdescription-set":                          "Changed [$2] description",
	"wbsetdescription-remove":                       "Removed [$2] description",
	"wbsetaliases-add":                              "Added [$2] alias",
	"wbsetaliases-set":                              "Set [$2] alias",
	"wbsetaliases-update":                           "Changed [$2] alias",
	"wbsetaliases-remove":                           "Removed [$2] alias",
	"wbsetlabeldescriptionaliases":                  "Changed [$2] label, description and aliases",
	"wbsetsitelink-add":                             "Added link to [$2]",
	"wbsetsitelink-add-both":                        "Added link to [$2]",
	"wbsetsitelink-set":                             "Changed link to [$2]",
	"wbsetsitelink-set-both":                        "Changed link to [$2]",
	"wbsetsitelink-remove":                          "Removed link to [$2]",
	"wbsetclaim-create":                             "Created claim",
	"wbsetclaim-update":                             "Changed claim",
	"wbsetclaim-update-qualifiers":                  "Changed one or more qualifiers of claim",
	"wbsetclaim-update-references":                  "Changed one or more references of claim",
	"wbsetclaim-update-rank":                        "Changed rank of claim",
	"wbcreateclaim-create":                          "Created claim",
	"wbcreateclaim-value":                           "Created claim",
	"wbsetclaimvalue":                               "Set a claim value",
	"wbremoveclaims-remove":                         "Removed claim",
	"wbremoveclaims-update":                         "Removed claims",
	"wbsetreference-add":                            "Added reference to claim",
	"wbsetreference-set":                            "Changed reference of claim",
	"wbremovereferences-remove":                     "Removed reference from claim",
	"wbsetqualifier-add":                            "Added qualifier",
	"wbsetqualifier-update":                         "Changed qualifier",
	"wbremovequalifiers-remove":                     "Removed qualifier",
	"wbmergeitems-from":                             "Merged Item from $3",
	"wbmergeitems-to":                               "Merged Item into $3",
	"wbcreateredirect":                              "Redirected to $3",
	"wblinktitles-create":                           "Created a new Item and linked pages",
	"wblinktitles-connect":                          "Linked pages",
	"clientsitelink-update":                         "Page moved",
	"clientsitelink-remove":                         "Page removed",
}
