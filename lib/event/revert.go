package event

import "strings"

// IsRevert reports whether an edit summary says that the edit undoes an earlier
// one. Edits in the stream lack the tags with which MediaWiki marks reverts, so
// IsRevert recognizes the sentences that MediaWiki, Wikidata and common tools
// generate. It misses summaries typed by hand and languages that are not listed,
// and it accepts a summary that quotes such a sentence.
func IsRevert(comment string) bool {
	s := strings.TrimSpace(comment)
	// MediaWiki puts the section before the sentence, as in /* History */ rvv.
	if rest, ok := strings.CutPrefix(s, "/*"); ok {
		head := strings.TrimSpace(rest)
		if actions.begin(head) {
			return true
		}
		if _, after, ok := strings.Cut(rest, "*/"); ok {
			s = strings.TrimSpace(after)
		}
	}
	return openings.begin(s) || revertPhraseSet.in(s)
}

// revertActions begin the summaries that Wikidata generates.
var revertActions = []string{"undo:", "restore:", "rollback:"}

// revertOpenings mark a revert only at the start of a summary: the words are too
// common elsewhere.
var revertOpenings = []string{
	"Undid ", "Undo ", "Revert", "revert", "rv ", "Rv ", "RV ", "rvv", "Rvv", "RVV", "rvt",
	"Restored revision", "Restored an older", "Odbijena posljednja izmjena", "Odbijene posljednje izmjene",
	"Annullata ", "Annullate ", "Annulation ", "Annulé ", "Révocation ", "Reversión ",
	"Deshecha ", "Deshechos ", "Revertidos ", "Revertida ", "Desfeita ", "Desfez ", "Revertidas ",
	"Es desfà ", "Revertides ",
	"Anulowano ", "Wycofano ", "Gjorde version", "Rullade tillbaka", "Tilbakestilte", "Fjernet revisjon",
	"Kumottu muokkaus", "Palautettu muokkaus", "Membatalkan", "Lùi lại", "Đã lùi", "Visszavontam",
	"Отмена правки", "отмена правки", "откат правок", "Откат правок", "Отклонено ", "отклонено ",
	"Скасування редагування", "Редагування скасовано", "Відкинуто редагування",
	"取り消し", "差し戻し", "撤销", "撤銷", "取消由", "回退", "已回退",
	"استرجاع", "الرجوع عن", "خنثی\u200cسازی", "واگردانی",
	"שוחזר", "ביטול גרסה",
}

// revertPhrases mark a revert anywhere in a summary.
var revertPhrases = []string{
	"Undid revision", "Reverted edits by", "Reverted]] edits by", "Reverted 1 edit", "Reverting possible vandalism",
	"rückgängig gemacht", "zurückgesetzt", "wurde verworfen", "wurden verworfen",
	"ongedaan gemaakt", "teruggedraaid", "teruggeplaatst",
	"geri alındı", "geri döndürüldü", "zostało wycofane", "zostały wycofane",
	"版を取り消し", "編集を取り消し", "による版へ差し戻し", "versiyasiga qaytarildi",
	"برگردانده شد", "برگردانی شد", "واگردانده شد", "واگردانی شد",
	"편집을 되돌림", "판으로 되돌림", "откат]] правок",
}

var (
	actions, openings = byFirst(revertActions), byFirst(revertOpenings)
	revertPhraseSet   = newPhrases(revertPhrases)
)

// texts groups texts by first byte, so that few are compared with a summary.
type texts [256][]string

func byFirst(list []string) *texts {
	t := new(texts)
	for _, text := range list {
		t[text[0]] = append(t[text[0]], text)
	}
	return t
}

// begin reports whether s begins with one of the texts.
func (t *texts) begin(s string) bool {
	if s == "" {
		return false
	}
	for _, text := range t[s[0]] {
		if strings.HasPrefix(s, text) {
			return true
		}
	}
	return false
}
