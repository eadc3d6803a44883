// Package store keeps JSON documents and finds them again: documents in, hits
// and buckets out. It knows mappings, queries and aggregations in the sense of
// Elasticsearch, but neither HTTP nor what the documents are about.
//
// [Open] opens a directory, [Store.Write] writes documents, [Store.Search] finds
// and aggregates them, [Store.Get] returns one by its id. [Verify], [Rebuild] and
// [Backup] look after a directory.
//
// # Layers
//
// There are three, each of which can be rebuilt from the one before it:
//
//	documents  on disk: ids, and sources in compressed frames. The truth
//	segments   on disk: columns and postings of 65,536 documents each, sealed in the background
//	the tail   in memory: the same for the documents since the last segment
//
// A search reads segments and the tail, and the documents of the hits alone.
//
// # The directory
//
// One process owns a directory, by a lock on the file "lock", which holds the
// process's id as text.
//
//	lock                    the owner of the directory
//	catalog.sqlite          the templates that indices are made from
//	index-NAME.sqlite       one index; NAME with %XX for characters that are not safe in file names
//
// Each is an SQLite database in WAL mode, so those in use have a -wal and a -shm
// file beside them. SQLite brings transactions that survive a loss of power, and
// a file format that other tools can read. An index is one file, so that dropping
// one day of a stream is deleting one file, and nothing is left to compact. A file
// is made with all its tables in one transaction: an index file without tables was
// never acknowledged, and is removed.
//
// # The file of an index, format 2
//
//	meta      key, value          format; name; uuid; created (ms); mapping, settings (JSON)
//	ids       id, seq, version    which document an id means now
//	frames    first, docs, dead   the frames: number of the first document, how many, which are dead
//	bodies    first, body         the documents of a frame, compressed
//	segments  first, docs,        the segments: number of the first document, how many, and
//	          sum, directory      where their columns are
//	blocks    id, body            the columns, in compressed blocks
//
// A file of format 1, which had no segments, becomes one of format 2 when it is
// opened, and its segments are built in the background. Other formats are refused.
//
// Documents are numbered in the order in which they come in, from 0, without
// gaps. A number is never used again: a document that is replaced gets a new one,
// and its old place is marked dead. So a number is what Elasticsearch calls a
// _seq_no, and a point in time is no more than the number of the next document.
//
// ids.id is text, or a blob of 16 bytes for an id that is a UUID in its usual
// lower-case form. SQLite keeps the two apart, so they never collide, and the
// table, which is read and written at random places for every document, is
// half as large.
//
// A frame holds up to 64 consecutive documents of one request: 64, so that
// frames.dead is one integer, one bit for each document (the lowest is the first);
// and no further one once they have 256 KiB. Live traffic makes frames of a few
// documents, which compress less well. That costs space, not correctness. frames
// is apart from bodies so that opening an index reads no bodies.
//
// bodies.body is one zstd frame over: the number of documents; for each the
// length of its id and of its source (all of these uvarints); the ids; the
// sources, byte for byte as they came in.
//
// # Segments
//
// A segment has the columns of consecutive documents, dead ones included, whose
// number is at most 65,536, so that ordinals mostly fit into 16 bits and a sealing
// takes less than a second. Full ones never change. A tail that is sealed early,
// since its index was quiet, makes a small one, which is rebuilt together with
// the next tail: so an index has at most one small segment.
//
// segments.directory is, after the version of this layout and the number of
// documents and of columns, for each column:
//
//	name        length and bytes
//	flags       1: text; 2: has values of numbers; 4: every document has one
//	low, high   the range of its numbers, so that a search for an hour skips the segments of others
//	values      the block of the values
//	terms       the block of the dictionary, of length 0 if the column has none
//	docs, total of text: how many documents have one, and tokens in all
//	postings    how many blocks of postings; for each the block and where it ends among all postings
//
// A block is named by its row in blocks, the length of its contents and their
// CRC-32C. segments.sum is the CRC-32C of the directory. Numbers are uvarints,
// signed ones in zigzag form. A column is read when a search needs it and stays in
// memory up to a limit, Options.Memory; so a column is two or more blocks, and not
// one with all others. zstd at its fastest is used for all: sealing competes with
// writing for the processor.
//
// The block of values:
//
//	documents   their number
//	parts       1: a bit for each document that has a value; 2: how many values each has
//	            (numbers); 0: each has one
//	values      numbers: of a keyword its ordinal, of a text its number of tokens, of a truth
//	            value 0 or 1, of a date milliseconds since 1970, of a floating-point number its
//	            bits, inverted if it is negative, so that the order is the same
//
// Numbers are: form (0: plain; 1: differences between neighbours, after the first
// number); how many; base; bits for each (1, 8, 16, 32 or 64); and for each its
// distance from base, little-endian. Differences are used where they take fewer
// bits, as for times and for ids that count up. Fixed widths keep them ready for
// loops without decoding.
//
// The block of a dictionary: whether it is sorted; the number of strings; for each
// the length of what it shares with the one before, and of the rest; the rests.
// A dictionary is sorted, for ranges, prefixes and binary search, unless more than
// three quarters of the documents have a value of their own (as in a column of
// ids): then it is in the order of the documents, its ordinals count up and take
// no space, and looking for one value reads it from end to end, which takes a
// millisecond in ten segments.
//
// A text field's dictionary is that of its tokens, sorted, followed by the length
// of each token's postings (numbers). Postings are: the number of documents, the
// length of the next part; for each document its distance from the one before,
// doubled, plus 1 if the token occurs once in it, else followed by how often; then
// for each document the positions, each as the distance from the one before.
// Positions are apart so that a search for words skips them. Values of an array
// are one position apart, so that no phrase spans two. Postings are in blocks of
// about 64 KiB, cut between tokens, so that a rare word reads little.
//
// A block or a directory that does not match its checksum, or is of another
// version, is not used: the columns of that segment are built from the documents,
// the search goes on with these, and the segment is sealed again. Blocks that no
// directory names are left by a sealing that was cut short; they are deleted when
// the index is opened.
//
// # What is promised
//
// Write returns after a commit with synchronous=FULL: what it reports as written
// survives the end of the process and of the power. The documents of one
// call for one index are one transaction: all of them that are not refused are
// there or none is. When the disk is full, the error wraps ErrDiskFull, nothing
// of that transaction is kept, and writing works again when there is space.
//
// A search sees each index as it was at one moment, with everything that was
// acknowledged before. It never waits for a write or a sealing, except that after
// opening it waits until the columns of unsealed documents have been read; writes
// wait for no sealing unless six tails wait for theirs.
//
// # How a search is answered
//
// The query is compiled for each index against its mapping (query*.go), and
// evaluated for each part, segment or tail, to a set of documents: a bit for each
// (bitset.go). A condition on numbers that a segment's directory decides reads
// nothing. Aggregations (agg*.go) are loops over columns under these sets; each
// computes all of its buckets at once, and the aggregations of one search run
// on all processors. Keywords are counted by their numbers in a vocabulary that the
// indices of a store share (vocabulary.go), so that counts of segments add up
// without comparing strings. Hits are found part by part in the order of the sort,
// until no further part can have a better one.
package store
