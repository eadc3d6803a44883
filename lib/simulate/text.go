package simulate

import "strconv"

// script describes the words of some languages. Names are composed of syllables,
// so that none is a real person's; the nouns are real words, so that a search
// finds something.
type script struct {
	start, middle, end []string // syllables of a name
	nouns              []string // lower case, to go with a name
	blank              string   // between words
}

var latin = script{
	start:  []string{"Tavo", "Mire", "Quel", "Osda", "Brun", "Zefi", "Kalu", "Ondre", "Visk", "Harle", "Pemb", "Lodu", "Ysma", "Gorve", "Drel", "Fenti", "Wolu", "Narb", "Cwen", "Ibro"},
	middle: []string{"li", "ran", "do", "ves", "mu", "tor", "ki", "bel", "sha", "qua", "no", "zen"},
	end:    []string{"ra", "dun", "mek", "via", "sto", "lith", "quin", "berg", "oza", "wick", "tal", "esh", "vor", "dale"},
	nouns:  []string{"river", "station", "film", "album", "season", "village", "list", "district", "museum", "football", "species", "bridge", "election", "railway", "school", "novel", "church", "theatre", "language", "mountain"},
	blank:  " ",
}

var romance = script{
	start: latin.start, middle: latin.middle, end: latin.end,
	nouns: []string{"río", "estación", "película", "álbum", "saison", "équipe", "musée", "élection", "rivière", "città", "stazione", "canção", "eleição", "município", "école", "gare", "pueblo", "chiesa"},
	blank: " ",
}

var germanic = script{
	start: latin.start, middle: latin.middle, end: latin.end,
	nouns: []string{"Fluss", "Bahnhof", "Brücke", "Straße", "Gebäude", "Schloss", "stad", "rivier", "sjö", "församling", "håndbold", "älv", "gemeente", "Größe", "Übersicht", "skola"},
	blank: " ",
}

var slavicLatin = script{
	start: latin.start, middle: latin.middle, end: latin.end,
	nouns: []string{"rzeka", "powiat", "kościół", "żółw", "město", "řeka", "škola", "közösség", "választás", "istasyon", "ilçe", "köyü", "şehir", "sungai", "kecamatan", "gunung"},
	blank: " ",
}

var vietnamese = script{
	start:  []string{"Đăng", "Thảo", "Quỳ", "Lễ", "Bửu", "Khê", "Mộng", "Tràm"},
	middle: []string{" tường", " hạ", " viễn", " nghi"},
	end:    []string{" sơn", " lộc", " điền", " thượng", " quế"},
	nouns:  []string{"sông", "nhà ga", "phim", "xã", "loài", "trận đấu", "bảo tàng", "núi", "danh sách", "trường học"},
	blank:  " ",
}

var cyrillic = script{
	start:  []string{"Таво", "Мире", "Осда", "Брунь", "Кала", "Ондре", "Виск", "Гарле", "Лоду", "Дрель", "Фенти", "Ворка"},
	middle: []string{"ли", "ран", "до", "вес", "му", "тор", "ки"},
	end:    []string{"ра", "дун", "мек", "вия", "сто", "лит", "ово", "инск", "ов", "тал"},
	nouns:  []string{"река", "станция", "фильм", "альбом", "сезон", "деревня", "список", "район", "музей", "футбол", "мост", "выборы", "школа", "роман", "церковь", "язык", "гора"},
	blank:  " ",
}

var arabic = script{
	start:  []string{"تاف", "مير", "قلد", "اسد", "برن", "كال", "فند", "ورك"},
	middle: []string{"ول", "را", "دو", "وس", "مو"},
	end:    []string{"ان", "ية", "ون", "اد", "يك", "ور"},
	nouns:  []string{"نهر", "محطة", "فيلم", "ألبوم", "موسم", "قرية", "قائمة", "منطقة", "متحف", "جسر", "مدرسة", "لغة", "جبل"},
	blank:  " ",
}

var persian = script{
	start: arabic.start, middle: arabic.middle, end: arabic.end,
	nouns: []string{"رودخانه", "ایستگاه", "فیلم", "آلبوم", "فصل", "روستا", "فهرست", "منطقه", "موزه", "پل", "مدرسه", "زبان\u200cها", "کوه\u200cها"},
	blank: " ",
}

var hebrew = script{
	start:  []string{"תבו", "מירל", "קלד", "אוסד", "ברונ", "פנט", "ורק"},
	middle: []string{"לי", "רו", "דו", "וס"},
	end:    []string{"ן", "יה", "ון", "ית", "יק"},
	nouns:  []string{"נהר", "תחנה", "סרט", "אלבום", "עונה", "כפר", "רשימה", "מחוז", "מוזיאון", "גשר", "בית ספר", "שפה", "הר"},
	blank:  " ",
}

var chinese = script{
	start:  []string{"塔沃", "米雷", "奎德", "奥斯达", "卡鲁", "芬提", "沃卡", "德雷"},
	middle: []string{"里", "兰", "多", "韦", "托"},
	end:    []string{"拉", "顿", "梅克", "维亚", "托", "利"},
	nouns:  []string{"河", "车站", "電影", "专辑", "赛季", "村", "列表", "区", "博物館", "足球", "大橋", "选举", "学校", "小说", "教堂", "山"},
}

var japanese = script{
	start:  []string{"タヴォ", "ミレ", "クェル", "オスダ", "ブルン", "カル", "フェン", "ウォル"},
	middle: []string{"リ", "ラン", "ド", "ヴェ", "トル"},
	end:    []string{"ラ", "ドゥン", "メク", "ヴィア", "スト", "リス"},
	nouns:  []string{"川", "駅", "映画", "アルバム", "シーズン", "村", "一覧", "地区", "博物館", "サッカー", "橋", "選挙", "学校", "小説", "教会", "山"},
}

var korean = script{
	start:  []string{"타보", "미레", "퀠", "오스다", "브룬", "칼루", "펜티"},
	middle: []string{"리", "란", "도", "베", "토르"},
	end:    []string{"라", "둔", "메크", "비아", "스토", "리스"},
	nouns:  []string{"강", "역", "영화", "음반", "시즌", "마을", "목록", "구역", "박물관", "축구", "다리", "선거", "학교", "소설", "산"},
	blank:  " ",
}

var thai = script{
	start:  []string{"ตาโว", "มิเร", "ออสดา", "กาลู", "เฟนติ"},
	middle: []string{"ลิ", "รัน", "โด", "เวส"},
	end:    []string{"รา", "ดุน", "เวีย", "สโต"},
	nouns:  []string{"แม่น้ำ", "สถานี", "ภาพยนตร์", "อัลบั้ม", "ฤดูกาล", "หมู่บ้าน", "รายชื่อ", "โรงเรียน", "ภูเขา"},
}

var devanagari = script{
	start:  []string{"तावो", "मिरे", "ओसदा", "कालू", "फेन्ति"},
	middle: []string{"ली", "रन", "दो", "वेस"},
	end:    []string{"रा", "दून", "विया", "स्तो"},
	nouns:  []string{"नदी", "स्टेशन", "फ़िल्म", "एल्बम", "गाँव", "सूची", "जिला", "संग्रहालय", "विद्यालय", "पर्वत"},
	blank:  " ",
}

// appendName appends an invented name.
func (s *script) appendName(dst []byte, n *namer) []byte {
	dst = append(dst, s.start[n.next(len(s.start))]...)
	if n.next(3) == 0 {
		dst = append(dst, s.middle[n.next(len(s.middle))]...)
	}
	return append(dst, s.end[n.next(len(s.end))]...)
}

func (s *script) appendNoun(dst []byte, n *namer) []byte {
	return append(dst, s.nouns[n.next(len(s.nouns))]...)
}

// appendTitle appends the name of a page, without its namespace.
func (s *script) appendTitle(dst []byte, n *namer) []byte {
	switch form := n.next(10); {
	case form < 3:
		dst = s.appendName(dst, n)
		dst = append(dst, s.blank...)
		dst = s.appendNoun(dst, n)
	case form < 5:
		dst = s.appendName(dst, n)
		dst = append(dst, " ("...)
		dst = s.appendNoun(dst, n)
		dst = append(dst, ')')
	case form < 7:
		dst = strconv.AppendInt(dst, int64(1871+n.next(156)), 10)
		dst = append(dst, s.blank...)
		dst = s.appendName(dst, n)
		dst = append(dst, s.blank...)
		dst = s.appendNoun(dst, n)
	case form < 9:
		dst = s.appendName(dst, n)
		dst = append(dst, s.blank...)
		dst = s.appendName(dst, n)
	default:
		dst = s.appendName(dst, n)
		dst = append(dst, "'s "...)
		dst = s.appendNoun(dst, n)
	}
	if n.next(5) == 0 {
		dst = append(dst, ", "...)
		dst = s.appendWords(dst, n, 1+n.next(4))
	}
	return dst
}

// appendWords appends a run of words such as a summary typed by hand.
func (s *script) appendWords(dst []byte, n *namer, count int) []byte {
	for i := range count {
		if i > 0 {
			dst = append(dst, s.blank...)
		}
		if n.next(4) == 0 {
			dst = s.appendName(dst, n)
		} else {
			dst = s.appendNoun(dst, n)
		}
	}
	return dst
}
