// Package store keeps JSON documents and finds them again: documents in, hits
// and buckets out. It knows mappings, queries and aggregations in the sense of
// Elasticsearch, but neither HTTP nor what the documents are about.
//
// # The directory
//
// One process owns a directory, by a lock on the file "lock", which holds the
// process's id as text.
//
//	lock                    who owns the directory
//	catalog.sqlite          the templates that indices are made from
//	index-NAME.sqlite       one index; NAME with %XX for what file names do not bear
//
// Each is an SQLite database in WAL mode (so -wal and -shm files stand beside
// those in use). An index is one file, so that dropping one day of a stream
// is deleting one file, and nothing is left to compact. A file is made with all
// its tables in one transaction: an index file without tables is one whose
// making was cut short before anybody was told of it, and is removed.
//
// # The file of an index, format 1
//
// The file says its format in meta; this program refuses all but 1.
//
//	meta    key, value          format; name; uuid; created (ms); mapping, settings (JSON)
//	ids     id, seq, version    which document an id means now
//	frames  first, docs, dead   the frames: number of the first document, how many, which are dead
//	bodies  first, body         the documents of a frame, compressed
//	times   field, first,       for each date field and each frame that has a value of it:
//	        min, max            the earliest and the latest, in ms
//	spans   field, min, max     the same for the whole index
//
// Documents are numbered in the order in which they come in, from 0. A number
// is never used again: a document that is replaced gets a new one, and its old
// place is marked dead. So a number is what Elasticsearch calls a _seq_no.
//
// ids.id is text, or a blob of 16 bytes for an id that is a UUID in its usual
// lower-case form. SQLite tells the two apart, so they cannot meet, and the
// table, which is read and written at random places for every document, is
// half as large.
//
// A frame holds up to 64 consecutive documents of one request: 64, so that
// frames.dead is one integer, a bit a document (the lowest is the first); and
// no further one once they have 256 KiB. Live traffic makes frames of a few
// documents, which compress less well and are read one by one. That costs space
// and time, not correctness; frames may be merged by rewriting them, as long as
// the numbers stay. frames is apart from bodies so that choosing frames
// reads no bodies.
//
// bodies.body is one zstd frame over: the number of documents; for each the
// length of its id and of its source (all of these uvarints); the ids; the
// sources, byte for byte as they came in.
//
// times lets a search for an hour pass over the frames of other hours, and one
// for the newest begin at the newest frame and stop early. It may promise too
// much (a dead document's time counts), never too little.
//
// # What is promised
//
// Write returns after a commit with synchronous=FULL: what it reports as written
// survives the end of the process and of the power. The documents of one
// call for one index are one transaction: all of them that are not refused are
// there or none is. When the disk is full, the error wraps ErrDiskFull, nothing
// of that transaction is kept, and writing works again when there is room.
//
// A search sees each index as it was at one moment, with everything that was
// acknowledged before.
//
// # How a search is answered
//
// The query and the aggregations are compiled for each index (query*.go,
// agg*.go) against its mapping. The scan (scan.go) picks frames by times, unpacks
// them, reads from each document the fields that the search needs, and shows
// matching documents to the aggregations and to the list of the best hits
// (top.go); those are read again at the end for their sources. Memory is
// bounded by the number of hits asked for and by the number of different values
// that aggregations meet, not by the number of documents.
package store
