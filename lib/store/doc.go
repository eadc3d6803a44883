// Package store stores JSON documents and searches them: documents in, hits and
// buckets out. It has mappings, queries and aggregations as in Elasticsearch, but
// knows neither HTTP nor the meaning of the documents.
//
// [Open] opens a directory, [Store.Write] writes documents, [Store.Search] finds
// and aggregates them, [Store.Get] returns one by its id. [Verify], [Rebuild] and
// [Backup] maintain a directory.
//
// # Layers
//
// There are three layers, each of which can be rebuilt from the one before it:
//
//	documents  on disk: ids, and sources in compressed frames; the authoritative data
//	segments   on disk: columns and postings of 65,536 documents each, sealed in the background
//	the tail   in memory: the same for the documents since the last segment
//
// A search reads segments and the tail, and the documents of the hits only.
//
// # The directory
//
// One process owns a directory, by a lock on the file "lock", which contains the
// process id as text.
//
//	lock                    the owner of the directory
//	catalog.sqlite          index templates
//	index-NAME.sqlite       one index; NAME with %XX for characters that are not safe in file names
//
// The last two are SQLite databases in WAL mode, so open ones have -wal and -shm
// files beside them. SQLite provides transactions that survive a loss of power, and
// a file format that other tools can read. An index is one file, so to drop one day
// of a stream is to delete one file, and there is nothing to compact. A file is
// created with all its tables in one transaction: an index file without tables was
// never acknowledged, and is removed.
//
// # The file of an index, format 2
//
//	meta      key, value          format; name; uuid; created (ms); mapping, settings (JSON)
//	ids       id, seq, version    the current document of each id
//	frames    first, docs, dead   the frames: number of the first document, number of documents, which are dead
//	bodies    first, body         the documents of a frame, compressed
//	segments  first, docs,        the segments: number of the first document, number of documents, and
//	          sum, directory      the locations of their columns
//	blocks    id, body            the columns, in compressed blocks
//
// A file of format 1, which had no segments, is upgraded to format 2 when it is
// opened, and its segments are built in the background. Other formats are an error.
//
// Documents are numbered in order of arrival, from 0, without gaps. A number is
// never reused: a document that is replaced gets a new one, and the old one is
// marked dead. So the number is Elasticsearch's _seq_no, and a point in time is just
// the number of the next document.
//
// ids.id is text, or a blob of 16 bytes for an id that is a UUID in its usual
// lower-case form. In SQLite a blob never equals text, so the two cannot collide.
// The table, which is read and written at random places for every document, is half
// as large that way.
//
// A frame holds up to 64 consecutive documents of one request, so that frames.dead
// is one integer with a bit for each document (the lowest is the first). No document
// is added to a frame of 256 KiB or more. Live traffic makes frames of a few
// documents, which compress less well. That costs space, not correctness. frames is
// separate from bodies so that opening an index reads no bodies.
//
// bodies.body is a zstd frame of: the number of documents; for each, the length of
// its id and of its source (all of these uvarints); the ids; the sources, byte for
// byte as written.
//
// # Segments
//
// A segment has the columns of up to 65,536 consecutive documents, including dead
// ones, so that ordinals mostly fit into 16 bits and sealing takes less than a
// second. A full segment never changes. If a tail is sealed before it is full,
// because its index was quiet, the small segment is later rebuilt together with the
// next tail: an index has at most one small segment.
//
// segments.directory contains the version of this layout, the number of documents
// and the number of columns; then for each column:
//
//	name        length and bytes
//	flags       1: text; 2: has values of numbers; 4: every document has one
//	low, high   the range of its numbers, so that a search for an hour skips other segments
//	values      the block of the values
//	terms       the block of the dictionary, of length 0 if the column has none
//	docs, total of text: the number of documents with a value, and of tokens in all
//	postings    the number of blocks of postings; for each, the block and its end among all postings
//
// A reference to a block consists of its row in blocks, the length of its contents
// and their CRC-32C. segments.sum is the CRC-32C of the directory. Numbers are
// uvarints, signed ones in zigzag form. A column is read when a search needs it and
// stays in memory up to a limit, Options.Memory; so each column has blocks of its
// own. All are compressed with zstd at its fastest level, because sealing competes
// with writing for the processor.
//
// The block of values:
//
//	documents   their number
//	parts       1: a bit for each document, whether it has a value; 2: the number of values of each
//	            (numbers); 0: each has one
//	values      numbers: of a keyword its ordinal, of a text its number of tokens, of a truth
//	            value 0 or 1, of a date milliseconds since 1970, of a floating-point number its
//	            bits, inverted if it is negative, so that the order is the same
//
// Numbers are: the form (0: plain; 1: differences between neighbours, after the
// first number); their count; base; bits per number (1, 8, 16, 32 or 64); and for
// each its distance from base, little-endian. Differences are used where they take
// fewer bits, as for times and ascending ids. With fixed widths, loops can use them
// without decoding.
//
// The block of a dictionary: whether it is sorted; the number of strings; for each,
// the length of the prefix shared with the previous string, and of the rest; the
// rests. A dictionary is sorted, for ranges, prefixes and binary search, unless more
// than three quarters of the documents have a unique value (as in a column of ids).
// Then it is in document order, its ordinals ascend and take no space, and a search
// for one value reads it from end to end, which takes a millisecond in ten segments.
//
// The dictionary of a text field contains its tokens, sorted, followed by the length
// of each token's postings (numbers). Postings are: the number of documents and the
// length of the next section; for each document, its distance from the previous one,
// doubled, plus 1 if the token occurs once in it, otherwise followed by the
// frequency; then for each document the positions, each as the distance from the
// previous one. Positions are separate so that a search for words skips them. There
// is a gap of one position between the values of an array, so that no phrase spans
// two. Postings are in blocks of about 64 KiB, cut between tokens, so that a rare
// word reads little.
//
// A block or a directory that does not match its checksum, or is of another
// version, is not used: the columns of that segment are built from the documents,
// the search continues with these, and the segment is sealed again. Blocks that no
// directory refers to were left by an interrupted sealing; they are deleted when the
// index is opened.
//
// # Guarantees
//
// Write returns after a commit with synchronous=FULL: documents that it reports as
// written survive a crash of the process and a loss of power. The documents of one
// call for one index are one transaction: either all that are not rejected are
// stored, or none. If the disk is full, the error wraps ErrDiskFull, nothing of that
// transaction is stored, and writing works again once there is space.
//
// A search sees a snapshot of each index, with everything acknowledged before. It
// never waits for a write or a sealing; the first search of an index after opening
// reads the documents that are not sealed. Writes wait for sealing only while more
// than three tails are pending.
//
// # How a search works
//
// The query is compiled for each index against its mapping (query*.go), and
// evaluated for each part, a segment or a tail, to a set of documents with one bit
// each (bitset.go). A condition on numbers that a segment's directory decides reads
// nothing. Aggregations (agg*.go) are loops over columns under these sets; each
// computes all of its buckets at once, and those of one search run on all
// processors. Keywords are counted by their numbers in a vocabulary that the indices
// of a store share (vocabulary.go), so that counts of segments add up without
// comparing strings. Hits are found part by part in sort order, until no further
// part can have a better one.
package store
