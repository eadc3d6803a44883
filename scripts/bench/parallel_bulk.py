"""Writes the events of its standard input to Elasticsearch with parallel_bulk.

usage: parallel_bulk.py dict|text URL < EVENTS

With dict, documents are handed over as the helper's documentation does it; with
text, as the lines that were read, which saves it from writing JSON.
"""

import json
import sys

from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk


def actions(form):
    for line in sys.stdin.buffer:
        document = json.loads(line)
        source = document if form == "dict" else line[:-1].decode()
        yield {
            "_op_type": "create",
            "_index": "bench",
            "_id": document["meta"]["id"],
            "_source": source,
        }


form, url = sys.argv[1:]
for ok, item in parallel_bulk(Elasticsearch(url), actions(form)):
    if not ok:
        sys.exit(f"refused: {item}")
