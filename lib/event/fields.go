package event

// fields are the fields that wm itself reads, each with its JSON. If a key
// repeats, the first one is used.
type fields [fieldCount]value

// field is one of them.
type field byte

const (
	noField field = iota
	fieldRoot
	fieldTimestamp
	fieldWM
	fieldMeta
	fieldMetaID
	fieldMetaDT
	fieldMetaStream
	fieldMetaTopic
	fieldMetaDomain
	fieldDT
	fieldTime
	fieldWiki
	fieldDatabase
	fieldWikiID
	fieldUser
	fieldPerformer
	fieldPerformerText
	fieldPerformerUserIsBot
	fieldPerformerIsBot
	fieldPerformerIsTemp
	fieldTitle
	fieldPageTitle
	fieldPage
	fieldPagePageTitle
	fieldPageNamespaceID
	fieldNamespace
	fieldPageNamespace
	fieldLength
	fieldLengthNew
	fieldLengthOld
	fieldType
	fieldComment
	fieldBot
	fieldRevID
	fieldRevision
	fieldRevisionNew
	fieldRevisionRevID
	fieldEditor // revision.editor
	fieldEditorText
	fieldEditorIsBot
	fieldEditorIsTemp
	fieldClassification // predicted_classification
	fieldModelName
	fieldProbabilities
	fieldProbabilityTrue
	fieldCount
)

// member returns the field of a key in the object of a field, or noField.
func (in field) member(key string) field {
	switch in {
	case fieldRoot:
		return rootMember(key)
	case fieldMeta:
		return metaMember(key)
	case fieldPerformer:
		return performerMember(key)
	case fieldEditor:
		return editorMember(key)
	case fieldRevision:
		return revisionMember(key)
	case fieldPage:
		return pick(key, "page_title", fieldPagePageTitle, "namespace_id", fieldPageNamespaceID)
	case fieldLength:
		return pick(key, "new", fieldLengthNew, "old", fieldLengthOld)
	case fieldClassification:
		return pick(key, "model_name", fieldModelName, "probabilities", fieldProbabilities)
	case fieldProbabilities:
		return pick(key, "true", fieldProbabilityTrue, "", noField)
	}
	return noField
}

// pick returns the field whose name is key, or noField.
func pick(key, name1 string, field1 field, name2 string, field2 field) field {
	switch key {
	case name1:
		return field1
	case name2:
		return field2
	}
	return noField
}

func rootMember(key string) field {
	switch key {
	case "@timestamp":
		return fieldTimestamp
	case "wm":
		return fieldWM
	case "meta":
		return fieldMeta
	case "dt":
		return fieldDT
	case "timestamp":
		return fieldTime
	case "wiki":
		return fieldWiki
	case "database":
		return fieldDatabase
	case "wiki_id":
		return fieldWikiID
	case "user":
		return fieldUser
	case "performer":
		return fieldPerformer
	case "title":
		return fieldTitle
	case "page_title":
		return fieldPageTitle
	case "page":
		return fieldPage
	case "namespace":
		return fieldNamespace
	case "page_namespace":
		return fieldPageNamespace
	case "length":
		return fieldLength
	case "type":
		return fieldType
	case "comment":
		return fieldComment
	case "bot":
		return fieldBot
	case "rev_id":
		return fieldRevID
	case "revision":
		return fieldRevision
	case "predicted_classification":
		return fieldClassification
	}
	return noField
}

func metaMember(key string) field {
	switch key {
	case "id":
		return fieldMetaID
	case "dt":
		return fieldMetaDT
	case "stream":
		return fieldMetaStream
	case "topic":
		return fieldMetaTopic
	case "domain":
		return fieldMetaDomain
	}
	return noField
}

func performerMember(key string) field {
	switch key {
	case "user_text":
		return fieldPerformerText
	case "user_is_bot":
		return fieldPerformerUserIsBot
	case "is_bot":
		return fieldPerformerIsBot
	case "is_temp":
		return fieldPerformerIsTemp
	}
	return noField
}

func revisionMember(key string) field {
	switch key {
	case "new":
		return fieldRevisionNew
	case "rev_id":
		return fieldRevisionRevID
	case "editor":
		return fieldEditor
	}
	return noField
}

func editorMember(key string) field {
	switch key {
	case "user_text":
		return fieldEditorText
	case "is_bot":
		return fieldEditorIsBot
	case "is_temp":
		return fieldEditorIsTemp
	}
	return noField
}
