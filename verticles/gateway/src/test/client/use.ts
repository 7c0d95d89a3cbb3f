// A program that knows the API by its OpenAPI document alone: its types are generated from it.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

const baseUrl = process.argv[2];
const client = createClient<paths>({ baseUrl });

function must<T>(result: { data?: T; error?: components['schemas']['Problem'] }): T {
  if (result.error) {
    throw new Error(`${result.error.code}: ${result.error.detail}`);
  }
  return result.data as T;
}

const created = must(
  await client.POST('/api/sessions', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { agentType: 'echo', name: 'Generated', metadata: { a: 1 } },
  }),
);
const sessionId = created.session!.id!;
const path = { sessionId };

const list = must(await client.GET('/api/sessions', { params: { query: { limit: 5 } } }));
assert.ok(list.sessions!.some((one) => one.id === sessionId));

const read = await client.GET('/api/sessions/{sessionId}', { params: { path } });
const tag = read.response.headers.get('etag')!;
must(
  await client.PUT('/api/sessions/{sessionId}/name', {
    params: { path, header: { 'If-Match': tag } },
    body: { name: 'Renamed' },
  }),
);
const late = await client.PUT('/api/sessions/{sessionId}/name', {
  params: { path, header: { 'If-Match': tag } },
  body: { name: 'Late' },
});
assert.equal(late.error!.code, 'PRECONDITION_FAILED');

const turn = must(
  await client.POST('/api/sessions/{sessionId}/turns', {
    params: { path },
    body: { text: 'Hello', clientTurnId: 'one' },
  }),
) as components['schemas']['TurnStartedEvent'];
assert.equal(turn.type, 'turn_started');

// The turn again, as a stream.
const stream = await fetch(`${baseUrl}/api/sessions/${sessionId}/turns`, {
  method: 'POST',
  headers: { Accept: 'text/event-stream' },
  body: JSON.stringify({ text: 'Hello', clientTurnId: 'one' }),
});
const streamed = (await stream.text())
  .split('\n')
  .filter((line) => line.startsWith('data: '))
  .map((line) => JSON.parse(line.slice(6)) as components['schemas']['SessionEvent']);
assert.equal(streamed[0].type, 'turn_started');
assert.equal(streamed.at(-1)!.type, 'turn_complete');

const events = must(
  await client.GET('/api/sessions/{sessionId}/events', {
    params: { path, query: { afterSeq: 0 } },
  }),
);
assert.ok(typeof events === 'object');
assert.equal(events.events!.at(-1)!.seq, events.lastSeq);
const history = must(
  await client.GET('/api/sessions/{sessionId}/messages', { params: { path } }),
);
assert.ok(history.messages!.some((one) => one.content === 'Done.'));

const wrong = await client.GET('/api/sessions/{sessionId}', {
  params: { path: { sessionId: 'none' } },
});
assert.equal(wrong.error!.code, 'SESSION_NOT_FOUND');
assert.ok(wrong.error!.requestId);

must(await client.DELETE('/api/sessions/{sessionId}', { params: { path } }));
console.log(JSON.stringify({ sessionId, events: events.events!.length }));
