'use strict';

// The HTTP front of EventStreams around kafka-sse, as the service itself sets
// it up: which streams there are, what is checked in which order, and what
// kafka-sse is given. The rest of the service (user interface, counting of
// connections, redaction) has no part in what a client sees of a stream.

const http = require('http');
const bunyan = require('bunyan');
const kafkaSse = require('kafka-sse');

const brokers = process.env.WM_BROKERS;
const streams = JSON.parse(process.env.WM_STREAMS); // name -> topics

// The service ends with its parent process.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

const logger = bunyan.createLogger({ name: 'front', level: 'fatal', stream: process.stderr });

// Tests make thousands of connections and read a little from each, so little is
// fetched at once, and soon. Nothing here changes what is sent.
const kafkaConfig = {
  'metadata.broker.list': brokers,
  'fetch.wait.max.ms': 10,
  'fetch.error.backoff.ms': 5,
  'max.partition.fetch.bytes': 128 * 1024,
  'socket.nagle.disable': true,
  'enable.auto.offset.store': false,
};

// Like the service's: what Kafka knows of a message becomes part of its meta.
function deserialize(message) {
  message.message = JSON.parse(message.value.toString());
  const meta = message.message.meta || {};
  meta.topic = message.topic;
  meta.partition = message.partition;
  meta.offset = message.offset;
  message.message.meta = meta;
  return message;
}

function refuse(req, res, type, title, detail) {
  res.writeHead(400, { 'content-type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify({ status: 400, type, title, detail, method: 'GET', uri: req.url }));
}

function specification() {
  const names = { type: 'array', items: { type: 'string', enum: Object.keys(streams) } };
  const parameters = [{ name: 'streams', in: 'path', required: true, schema: names }];
  return { openapi: '3.0.0', paths: { '/v2/stream/{streams}': { get: { parameters } } } };
}

function stream(req, res, names, query) {
  const unknown = names.filter((name) => !(name in streams));
  if (unknown.length > 0) {
    return refuse(req, res, 'not_found', 'Stream Not Found', `Invalid streams: ${unknown.join(',')}`);
  }
  // A number of milliseconds stays a string; anything else is parsed.
  const since = query.getAll('since');
  let at = since.length > 1 ? since : since[0];
  if (at && isNaN(at)) {
    at = Date.parse(at);
  }
  if (at !== undefined && isNaN(at)) {
    return refuse(req, res, 'invalid_timestamp', 'Invalid timestamp',
      `since timestamp is not a UTC milliseconds unix epoch and was not parseable: '${since}'`);
  }
  const topics = [...new Set(names.flatMap((name) => streams[name]))];
  const options = { allowedTopics: topics, useTimestampForId: true, logger, kafkaConfig: { ...kafkaConfig }, deserializer: deserialize };
  return kafkaSse(req, res, topics, options, at);
}

const server = http.createServer((req, res) => {
  const url = new URL(req.url, 'http://localhost');
  const names = /^\/v2\/stream\/([^/]+)$/.exec(url.pathname);
  if (names) {
    return stream(req, res, decodeURIComponent(names[1]).split(','), url.searchParams);
  }
  if (url.pathname === '/' && url.searchParams.has('spec')) {
    res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    return res.end(JSON.stringify(specification()));
  }
  res.writeHead(404);
  return res.end();
});

const [host, port] = process.env.WM_LISTEN.split(':');
server.listen(Number(port), host, () => {
  console.log(`listening on http://${host}:${server.address().port}`);
});
