package simulate

var russian = &language{
	script: &cyrillic,
	talk:   "Обсуждение", user: "Участник", userTalk: "Обсуждение участника", project: "Википедия", file: "Файл", template: "Шаблон", category: "Категория",
	added: "[[:$T]] добавлена в категорию", removed: "[[:$T]] убрана из категории",
	created: "[[ВП:←|←]] Новая страница: «$G»",
	reverts: []string{
		"отмена правки $V, сделанной [[Special:Contribs/$U|$u]] ([[UT:$u|обс.]])",
		"[[ВП:Откат|откат]] правок [[Special:Contribs/$U|$u]] ([[UT:$u|обс.]]) к версии $U",
	},
	summaries: []string{"/* $S */", "/* $S */ дополнение", "обновление", "$W", "оформление", "/* $S */ $W"},
}

var ukrainian = &language{
	script: &cyrillic,
	talk:   "Обговорення", user: "Користувач", userTalk: "Обговорення користувача", project: "Вікіпедія", file: "Файл", template: "Шаблон", category: "Категорія",
	added: "[[:$T]] Додано до категорії", removed: "[[:$T]] було вилучено з категорії",
	created:   "Створена сторінка: $G",
	reverts:   []string{"Скасування редагування № $V користувача [[Special:Contributions/$U|$u]] ([[User talk:$u|обговорення]])"},
	summaries: []string{"/* $S */", "оформлення", "$W"},
}

var chechen = &language{
	script: &cyrillic,
	talk:   "Дийцаре", user: "Декъашхо", userTalk: "Декъашхон дийцаре", project: "Википеди", file: "Файл", template: "Куцкеп", category: "Категори",
	added: "[[:$T]] категори чу тоьхна", removed: "[[:$T]] категорера дӀаяьккхина",
	created:   "Керла агӀо: «$G»",
	reverts:   []string{"отмена правки $V, сделанной [[Special:Contributions/$U|$u]]"},
	summaries: []string{"$W", "категори", "/* $S */"},
}

var arabicPedia = &language{
	script: &arabic,
	talk:   "نقاش", user: "مستخدم", userTalk: "نقاش المستخدم", project: "ويكيبيديا", file: "ملف", template: "قالب", category: "تصنيف",
	added: "[[:$T]] أضيفت إلى التصنيف", removed: "[[:$T]] أزيلت من التصنيف",
	created: "أنشأ الصفحة ب'$G'",
	reverts: []string{
		"الرجوع عن التعديل [[Special:Diff/$V|$V]] بواسطة [[Special:Contributions/$U|$u]] ([[User talk:$u|نقاش]])",
		"استرجاع تعديلات [[Special:Contributions/$U|$u]] حتى آخر نسخة بواسطة $U",
	},
	summaries: []string{"/* $S */", "$W", "بوت: $W\u200f", "/* $S */ $W"},
}

var persianPedia = &language{
	script: &persian,
	talk:   "بحث", user: "کاربر", userTalk: "بحث کاربر", project: "ویکی\u200cپدیا", file: "پرونده", template: "الگو", category: "رده",
	added: "[[:$T]] به رده اضافه شد", removed: "[[:$T]] از رده حذف شد",
	created: "صفحه\u200cای تازه حاوی «$G» ایجاد کرد",
	reverts: []string{
		"خنثی\u200cسازی ویرایش [[Special:Diff/$V|$V]] از [[Special:Contributions/$U|$u]] ([[User talk:$u|بحث]])",
		"ویرایش [[Special:Contributions/$U|$u]] ([[User talk:$u|بحث]]) به آخرین تغییری که $U انجام داده بود واگردانده شد",
	},
	summaries: []string{"/* $S */", "$W", "+رده:$C"},
}

var urdu = &language{
	script: &persian,
	talk:   "تبادلۂ خیال", user: "صارف", userTalk: "تبادلۂ خیال صارف", project: "ویکیپیڈیا", file: "فائل", template: "سانچہ", category: "زمرہ",
	added: "[[:$T]] کو زمرہ میں شامل کر دیا گیا", removed: "[[:$T]] کو زمرہ سے ہٹا دیا گیا",
	created:   "«$G» مواد پر مشتمل نیا صفحہ بنایا",
	reverts:   []string{"[[Special:Contributions/$U|$u]] کی جانب سے کی گئی ترمیم $V رد کر دی گئی"},
	summaries: []string{"$N مآخذ کو بحال کرکے 0 پر مردہ ربط کا ٹیگ لگایا گیا) #IABot (v2.0.8", "$W"},
}

var hebrewPedia = &language{
	script: &hebrew,
	talk:   "שיחה", user: "משתמש", userTalk: "שיחת משתמש", project: "ויקיפדיה", file: "קובץ", template: "תבנית", category: "קטגוריה",
	added: "הדף [[:$T]] נוסף לקטגוריה", removed: "הדף [[:$T]] הוסר מהקטגוריה",
	created: `דף חדש: "$G"`,
	reverts: []string{
		"שוחזר מעריכות של [[Special:Contributions/$U|$u]] ([[User talk:$u|שיחה]]) לעריכה האחרונה של $U",
		"ביטול גרסה [[Special:Diff/$V|$V]] של [[Special:Contributions/$U|$u]]",
	},
	summaries: []string{"/* $S */", "$W", "\u200fהגהה\u200f"},
}

var hindi = &language{
	script: &devanagari,
	talk:   "वार्ता", user: "सदस्य", userTalk: "सदस्य वार्ता", project: "विकिपीडिया", file: "चित्र", template: "साँचा", category: "श्रेणी",
	added: "[[:$T]] श्रेणी में जोड़ा गया", removed: "[[:$T]] श्रेणी से हटाया गया",
	created:   `"$G" के साथ नया पृष्ठ बनाया`,
	reverts:   []string{"[[Special:Contributions/$U|$u]] द्वारा किए बदलाव $V को पूर्ववत किया"},
	summaries: []string{"/* $S */", "$W"},
}

var thaiPedia = &language{
	script: &thai,
	talk:   "พูดคุย", user: "ผู้ใช้", userTalk: "คุยกับผู้ใช้", project: "วิกิพีเดีย", file: "ไฟล์", template: "แม่แบบ", category: "หมวดหมู่",
	added: "เพิ่ม [[:$T]] เข้าหมวดหมู่", removed: "ลบ [[:$T]] ออกจากหมวดหมู่แล้ว",
	created:   `สร้างหน้าด้วย "$G"`,
	reverts:   []string{"ย้อนการแก้ไขที่ $V โดย [[Special:Contributions/$U|$u]]"},
	summaries: []string{"/* $S */", "$W"},
}

var chinesePedia = &language{
	script: &chinese,
	talk:   "Talk", user: "User", userTalk: "User talk", project: "Wikipedia", file: "File", template: "Template", category: "Category",
	added: "[[:$T]]已添加至分类", removed: "[[:$T]]已从分类中移除",
	created: "创建页面，内容为“$G”",
	reverts: []string{
		"取消由[[Special:Contributions/$U|$u]]（[[User talk:$u|对话]]）做出的修订 $V",
		"撤销[[Special:Contributions/$U|$u]]（[[User talk:$u|讨论]]）的版本 $V",
	},
	summaries: []string{"/* $S */", "$W", "[[Wikipedia:$W]]：$W，$W。", "/* $S */ $W"},
}

var japanesePedia = &language{
	script: &japanese,
	talk:   "ノート", user: "利用者", userTalk: "利用者‐会話", project: "Wikipedia", file: "ファイル", template: "Template", category: "Category",
	added: "[[:$T]]をカテゴリに追加", removed: "[[:$T]]をカテゴリから除外",
	created: "[[WP:AES|←]]新しいページ: 「$G」",
	reverts: []string{
		"[[Special:Contributions/$U|$u]] ([[User talk:$u|会話]]) による [[Special:Diff/$V|$V]] の版を取り消し",
		"[[Special:Contributions/$U|$u]] ([[User talk:$u|会話]]) による編集を $U による版へ差し戻し",
	},
	summaries: []string{"/* $S */", "/* $S */内容訂正", "[[Category:$C]]を追加 ([[WP:HotCat|HotCat]]使用)", "$W"},
}

var koreanPedia = &language{
	script: &korean,
	talk:   "토론", user: "사용자", userTalk: "사용자토론", project: "위키백과", file: "파일", template: "틀", category: "분류",
	added: "[[:$T]] 문서가 분류에 추가되었습니다.", removed: "[[:$T]] 문서가 분류에서 제거되었습니다.",
	created:   `새 문서: $G`,
	reverts:   []string{"[[Special:Contributions/$U|$u]]([[User talk:$u|토론]])의 $V판 편집을 되돌림"},
	summaries: []string{"/* $S */", "$W"},
}
