package simulate

// language holds templates of the texts that users and software of a wiki write.
//
// A template expands to many texts: $U a user, $V a revision, $T a page, $C a
// category, $B a bot, $S a section, $W some words, $w one, $G how a new page
// begins, $N a number, $H twelve hexadecimal digits, $D a date, $Q and $P an
// item and a property of Wikidata, $X a language's code and $L a label in any
// language. $u and $n repeat the last user and number; $p is the page of a log
// entry.
type language struct {
	script *script

	// Namespaces.
	talk, user, userTalk, project, file, template, category string

	// Summaries that MediaWiki writes when a page enters or leaves a category
	// and when a page is made.
	added, removed, created string

	reverts   []string // summaries of edits that undo another edit
	summaries []string // other summaries
}

var english = &language{
	script: &latin,
	talk:   "Talk", user: "User", userTalk: "User talk", project: "Wikipedia", file: "File", template: "Template", category: "Category",
	added: "[[:$T]] added to category", removed: "[[:$T]] removed from category",
	created: `Created page with "$G"`,
	reverts: []string{
		"Undid revision $V by [[Special:Contributions/$U|$u]] ([[User talk:$u|talk]])",
		"Reverted edits by [[Special:Contributions/$U|$u]] ([[User talk:$u|talk]]) to last version by $U",
		"Reverted 1 edit by [[Special:Contributions/$U|$u]] ([[User talk:$u|talk]]): $W",
		"Restored revision $V by [[Special:Contributions/$U|$u]] ([[User talk:$u|talk]])",
		"/* $S */ rv vandalism",
	},
	summaries: []string{
		"/* $S */", "/* $S */ $W", "/* $S */ Reply", "$W", "$W", "fixed typo", "clean up, general fixes using [[Project:AWB|AWB]]",
		"Rescuing $N sources and tagging 0 as dead.) #IABot (v2.0.9", "Bot: Fixing double redirect to [[$T]]",
		"Copying from [[Category:$C]] to [[Category:$C]] using [[c:Help:Cat-a-lot|Cat-a-lot]]", "added [[Category:$C]]",
		"Adding [[Wikipedia:Short description|short description]]: \"$W\"", "/* $S */Fixed \"$W\" & <ref> tags",
	},
}

var german = &language{
	script: &germanic,
	talk:   "Diskussion", user: "Benutzer", userTalk: "Benutzer Diskussion", project: "Wikipedia", file: "Datei", template: "Vorlage", category: "Kategorie",
	added: "[[:$T]] zur Kategorie hinzugefügt", removed: "[[:$T]] von der Kategorie entfernt",
	created: "AZ: Die Seite wurde neu angelegt: $G",
	reverts: []string{
		"Änderung [[Special:Diff/$V|$V]] von [[Special:Contributions/$U|$u]] rückgängig gemacht; $W",
		"Änderungen von [[Special:Contributions/$U|$u]] ([[User talk:$u|Diskussion]]) auf die letzte Version von [[User:$U|$u]] zurückgesetzt",
	},
	summaries: []string{"/* $S */", "/* $S */ $W", "Aktualisierung", "korrigiert", "$W", "+ [[$T]]", "Änderung für »$W«", "/* $S */ Tippfehler"},
}

var french = &language{
	script: &romance,
	talk:   "Discussion", user: "Utilisateur", userTalk: "Discussion utilisateur", project: "Wikipédia", file: "Fichier", template: "Modèle", category: "Catégorie",
	added: "[[:$T]] ajoutée à la catégorie", removed: "[[:$T]] supprimée de la catégorie",
	created: "Page créée avec « $G »",
	reverts: []string{
		"Annulation de la modification [[Special:Diff/$V|$V]] de [[Special:Contributions/$U|$u]] ([[User talk:$u|d]])",
		"Révocation des modifications de [[Special:Contributions/$U|$u]] (retour à la dernière version de [[User:$U|$u]])",
	},
	summaries: []string{"/* $S */", "/* $S */ orthographe", "$W", "+ [[$T]]", "voir homonymes", "Mise à jour : $W", "ajout de « $W »"},
}

var spanish = &language{
	script: &romance,
	talk:   "Discusión", user: "Usuario", userTalk: "Usuario discusión", project: "Wikipedia", file: "Archivo", template: "Plantilla", category: "Categoría",
	added: "[[:$T]] añadida a la categoría", removed: "[[:$T]] eliminada de la categoría",
	created: "Página creada con «$G»",
	reverts: []string{
		"Deshecha la edición $V de [[Especial:Contribuciones/$U|$u]] ([[Usuario Discusión:$u|disc.]])",
		"Revertidos los cambios de [[Special:Contributions/$U|$u]] a la última edición de $U",
	},
	summaries: []string{"/* $S */", "/* $S */ $W", "$W", "Añadiendo [[Categoría:$C]]", "ortografía"},
}

var italian = &language{
	script: &romance,
	talk:   "Discussione", user: "Utente", userTalk: "Discussioni utente", project: "Wikipedia", file: "File", template: "Template", category: "Categoria",
	added: "[[:$T]] aggiunta alla categoria", removed: "[[:$T]] rimossa dalla categoria",
	created: "Nuova pagina: $G",
	reverts: []string{"Annullata la modifica [[Special:Diff/$V|$V]] di [[Special:Contributions/$U|$u]] ([[User talk:$u|discussione]])"},
	summaries: []string{
		"/* $S */", "/* $S */ $W", "+ Sezione Note", "$W", "fix",
	},
}

var portuguese = &language{
	script: &romance,
	talk:   "Discussão", user: "Usuário(a)", userTalk: "Usuário(a) Discussão", project: "Wikipédia", file: "Ficheiro", template: "Predefinição", category: "Categoria",
	added: "[[:$T]] foi adicionada à categoria", removed: "[[:$T]] foi removida da categoria",
	created:   "[[WP:AES|←]] nova página: $G",
	reverts:   []string{"Desfeita a edição $V de [[Special:Contributions/$U|$u]] ([[User talk:$u|discussão]])", "Revertidas edições de [[Special:Contributions/$U|$u]] para a última versão de $U"},
	summaries: []string{"/* $S */", "/* $S */ $W", "ajustes", "$W", "atualização"},
}

var catalan = &language{
	script: &romance,
	talk:   "Discussió", user: "Usuari", userTalk: "Usuari Discussió", project: "Viquipèdia", file: "Fitxer", template: "Plantilla", category: "Categoria",
	added: "[[:$T]] afegida a la categoria", removed: "[[:$T]] treta de la categoria",
	created:   "Es crea la pàgina amb «$G»",
	reverts:   []string{"Es desfà la revisió $V de [[Special:Contributions/$U|$u]] ([[User talk:$u|disc.]])"},
	summaries: []string{"/* $S */", "Tipografia", "Infotaula $w -> Infotaula $w", "$W"},
}

var dutch = &language{
	script: &germanic,
	talk:   "Overleg", user: "Gebruiker", userTalk: "Overleg gebruiker", project: "Wikipedia", file: "Bestand", template: "Sjabloon", category: "Categorie",
	added: "[[:$T]] aan categorie toegevoegd", removed: "[[:$T]] uit categorie verwijderd",
	created:   "Nieuwe pagina aangemaakt met '$G'",
	reverts:   []string{"Versie [[Special:Diff/$V|$V]] van [[Special:Contributions/$U|$u]] ([[User talk:$u|overleg]]) ongedaan gemaakt"},
	summaries: []string{"/* $S */", "/* $S */ $W", "$W", "tekst bijgewerkt"},
}

var swedish = &language{
	script: &germanic,
	talk:   "Diskussion", user: "Användare", userTalk: "Användardiskussion", project: "Wikipedia", file: "Fil", template: "Mall", category: "Kategori",
	added: "[[:$T]] lades till i kategorin", removed: "[[:$T]] togs bort från kategorin",
	created:   "Skapade sidan med '$G'",
	reverts:   []string{"Gjorde version $V av [[Special:Contributions/$U|$u]] ogjord", "Rullade tillbaka redigeringar av [[Special:Contributions/$U|$u]]"},
	summaries: []string{"/* $S */", "$W", "/* $S */ småfix"},
}

var polish = &language{
	script: &slavicLatin,
	talk:   "Dyskusja", user: "Wikipedysta", userTalk: "Dyskusja wikipedysty", project: "Wikipedia", file: "Plik", template: "Szablon", category: "Kategoria",
	added: "dodano [[:$T]] do kategorii", removed: "usunięto [[:$T]] z kategorii",
	created:   `Utworzono nową stronę "$G"`,
	reverts:   []string{"Anulowano wersję $V autorstwa [[Special:Contributions/$U|$u]] ([[User talk:$u|dyskusja]])"},
	summaries: []string{"/* $S */", "/* Uwierzytelniona */", "drobne redakcyjne", "$W"},
}

var hungarian = &language{
	script: &slavicLatin,
	talk:   "Vita", user: "Szerkesztő", userTalk: "Szerkesztővita", project: "Wikipédia", file: "Fájl", template: "Sablon", category: "Kategória",
	added: "[[:$T]] hozzáadva a kategóriához", removed: "[[:$T]] eltávolítva a kategóriából",
	created:   "Új oldal, tartalma: „$G”",
	reverts:   []string{"Visszavontam [[Special:Contributions/$U|$u]] ([[User talk:$u|vita]]) szerkesztését (oldid: $V)"},
	summaries: []string{"/* $S */", "$W", "kat."},
}

var turkish = &language{
	script: &slavicLatin,
	talk:   "Tartışma", user: "Kullanıcı", userTalk: "Kullanıcı mesaj", project: "Vikipedi", file: "Dosya", template: "Şablon", category: "Kategori",
	added: "[[:$T]] kategoriye eklendi", removed: "[[:$T]] kategoriden çıkarıldı",
	created:   `"$G" içeriğiyle yeni sayfa oluşturdu`,
	reverts:   []string{"[[Special:Contributions/$U|$u]] ([[User talk:$u|mesaj]]) tarafından yapılan $V sayılı değişiklik geri alındı"},
	summaries: []string{"/* $S */", "$W", "düzeltme"},
}

var indonesian = &language{
	script: &slavicLatin,
	talk:   "Pembicaraan", user: "Pengguna", userTalk: "Pembicaraan Pengguna", project: "Wikipedia", file: "Berkas", template: "Templat", category: "Kategori",
	added: "[[:$T]] ditambahkan ke kategori", removed: "[[:$T]] dihapus dari kategori",
	created:   "←Membuat halaman berisi '$G'",
	reverts:   []string{"Membatalkan revisi [[Special:Diff/$V|$V]] oleh [[Special:Contributions/$U|$u]] ([[User talk:$u|bicara]])"},
	summaries: []string{"/* $S */", "$W", "perbaikan"},
}

var vietnamesePedia = &language{
	script: &vietnamese,
	talk:   "Thảo luận", user: "Thành viên", userTalk: "Thảo luận Thành viên", project: "Wikipedia", file: "Tập tin", template: "Bản mẫu", category: "Thể loại",
	added: "[[:$T]] được xếp vào thể loại", removed: "[[:$T]] được gỡ khỏi thể loại",
	created: `Trang mới: “$G”`,
	reverts: []string{"Đã lùi lại sửa đổi $V của [[Special:Contributions/$U|$u]] ([[User talk:$u|thảo luận]])"},
	summaries: []string{
		"clean up, general fixes using [[Project:AWB|AWB]]", "/* top */clean up, general fixes using [[Project:AWB|AWB]]",
		"clean up, replaced: {{Taxobox → {{Bảng phân loại, {{tiêu đề nghiêng → {{nhan đề nghiêng, {{Tham khảo|2}} → {{Tham khảo|30em}}", "/* $S */",
	},
}

var malagasy = &language{
	script: &latin,
	talk:   "Dinika", user: "Mpikambana", userTalk: "Dinika amin'ny mpikambana", project: "Wiktionary", file: "Sary", template: "Endrika", category: "Sokajy",
	added: "Nampiana tamin'ny sokajy [[:$T]]", removed: "Nesorina tamin'ny sokajy [[:$T]]",
	created:   "Pejy noforonina tamin'ny « $G »",
	reverts:   []string{"Undid revision $V by [[Special:Contributions/$U|$u]]"},
	summaries: []string{"Dikanteny: $X", "Famoronana: $w"},
}
