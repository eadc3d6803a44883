"""What people do in a notebook with the official Python client.

Usage: python3 notebook.py URL. It prints one line of JSON for each call, so that
two servers can be compared; addresses, times and sizes are left out.
"""

import json
import sys
import warnings

from elasticsearch import ApiError, Elasticsearch, helpers

warnings.simplefilter("ignore")
es = Elasticsearch(sys.argv[1])
INDEX = "estest-notebook"

VOLATILE = {"took", "_scroll_id", "pit_id", "_shards", "uuid", "creation_date", "version", "routing", "max_score",
            "_score", "_seq_no", "index_uuid", "terminated_early", "sum_of_squares"}


def stable(value):
    if isinstance(value, dict):
        return {k: stable(v) for k, v in value.items() if k not in VOLATILE}
    if isinstance(value, list):
        return [stable(v) for v in value]
    return value


def show(name, call):
    try:
        answer = call()
        answer = getattr(answer, "body", answer)
    except ApiError as e:
        answer = {"status": e.meta.status, "error": getattr(e, "error", str(e))}
    print(json.dumps([name, stable(answer)], sort_keys=True, ensure_ascii=False, default=str))


def actions():
    for i in range(250):
        yield {"_index": INDEX, "_id": str(i), "wiki": ["enwiki", "dewiki", "frwiki"][i % 3], "title": f"Page {i % 20}",
               "delta": i - 100, "bot": i % 5 == 0, "when": f"2026-11-{1 + i % 28:02d}T10:00:00Z"}


es.options(ignore_status=[404]).indices.delete(index=INDEX)
es.options(ignore_status=[404]).indices.delete_index_template(name=INDEX)

es.ping()  # the Elasticsearch of Maven does not answer GET /
show("put_index_template", lambda: es.indices.put_index_template(name=INDEX, index_patterns=[INDEX + "*"], priority=400, template={
    "settings": {"number_of_replicas": 0},
    "mappings": {"properties": {"wiki": {"type": "keyword"}, "ratio": {"type": "double"}, "from": {"type": "ip"}}}}))
show("get_index_template", lambda: es.indices.get_index_template(name=INDEX))
show("exists_index_template", lambda: bool(es.indices.exists_index_template(name=INDEX)))
show("bulk", lambda: helpers.bulk(es, actions(), refresh=True))
show("streaming_bulk", lambda: [ok for ok, _ in helpers.streaming_bulk(es, [
    {"_op_type": "update", "_index": INDEX, "_id": "1", "doc": {"delta": 5000}},
    {"_op_type": "delete", "_index": INDEX, "_id": "2"},
    {"_op_type": "create", "_index": INDEX, "_id": "new", "wiki": "itwiki"}])])
show("refresh", lambda: bool(es.indices.refresh(index=INDEX)))
show("count", lambda: es.count(index=INDEX))
show("get", lambda: es.get(index=INDEX, id="1"))
show("get_missing", lambda: es.get(index=INDEX, id="nope"))
show("get_source", lambda: es.get_source(index=INDEX, id="1"))
show("exists", lambda: bool(es.exists(index=INDEX, id="1")))
show("mget", lambda: es.mget(index=INDEX, ids=["1", "2", "3"]))
show("index", lambda: es.index(index=INDEX, id="a", document={"wiki": "eswiki", "ratio": 0.5, "from": "10.0.0.1"}, refresh=True))
show("create", lambda: es.create(index=INDEX, id="b", document={"wiki": "eswiki"}))
show("create_again", lambda: es.create(index=INDEX, id="b", document={"wiki": "eswiki"}))
show("update", lambda: es.update(index=INDEX, id="a", doc={"ratio": 0.75}))
show("delete", lambda: es.delete(index=INDEX, id="b", refresh=True))
show("search", lambda: es.search(index=INDEX, query={"term": {"wiki": "enwiki"}}, sort=[{"delta": "desc"}], size=3))
show("search_q", lambda: es.search(index=INDEX, q="wiki:dewiki", sort="delta:asc", size=2, source_includes=["delta"]))
show("search_prefix", lambda: es.search(index=INDEX, query={"prefix": {"title.keyword": "Page 1"}}, sort=["delta"], size=2))
show("search_match", lambda: es.search(index=INDEX, query={"match": {"title": "page 7"}}, size=1, source=False)["hits"]["total"])
show("terms", lambda: es.search(index=INDEX, size=0, aggs={"wikis": {"terms": {"field": "wiki"}, "aggs": {"d": {"avg": {"field": "delta"}}}}}))
show("stats", lambda: es.search(index=INDEX, size=0, aggs={"s": {"stats": {"field": "delta"}}}))
show("percentiles", lambda: es.search(index=INDEX, size=0, aggs={"p": {"percentiles": {"field": "delta", "percents": [0, 100]}}}))
show("histogram", lambda: es.search(index=INDEX, size=0, aggs={"h": {"date_histogram": {"field": "when", "calendar_interval": "week"}}}))
show("msearch", lambda: es.msearch(searches=[{"index": INDEX}, {"size": 0}, {"index": INDEX + "-none"}, {"size": 0}]))
show("scan", lambda: sorted(h["_id"] for h in helpers.scan(es, index=INDEX, query={"query": {"term": {"bot": True}}}, size=20)))
pit = es.open_point_in_time(index=INDEX, keep_alive="1m")["id"]
show("pit", lambda: len(es.search(pit={"id": pit, "keep_alive": "1m"}, size=200, sort=[{"_shard_doc": "asc"}])["hits"]["hits"]))
show("close_pit", lambda: es.close_point_in_time(id=pit))
show("field_caps", lambda: es.field_caps(index=INDEX, fields="wiki,delta,title*"))
show("terms_enum", lambda: es.terms_enum(index=INDEX, field="wiki", string="e"))
show("analyze", lambda: es.indices.analyze(analyzer="standard", text="Hello wide World"))
show("get_mapping", lambda: es.indices.get_mapping(index=INDEX))
show("indices_exists", lambda: bool(es.indices.exists(index=INDEX)))
show("get_alias", lambda: es.indices.get_alias(index=INDEX))
show("resolve_index", lambda: es.indices.resolve_index(name=INDEX + "*"))
show("cat_indices", lambda: es.cat.indices(index=INDEX, format="json", h="index,docs.count,health"))
show("cat_count", lambda: es.cat.count(index=INDEX, format="json", h="count"))
show("health", lambda: es.cluster.health(index=INDEX)["status"])
show("nodes", lambda: es.nodes.info()["_nodes"])
show("create_index", lambda: es.indices.create(index=INDEX + "-two", mappings={"dynamic": "strict", "properties": {"a": {"type": "long"}}}))
show("strict", lambda: es.index(index=INDEX + "-two", document={"b": 1}))
show("delete_index", lambda: es.indices.delete(index=INDEX + "-two"))
es.indices.delete(index=INDEX)
show("delete_template", lambda: es.indices.delete_index_template(name=INDEX))
