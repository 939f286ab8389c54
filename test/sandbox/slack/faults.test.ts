import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;
const post = (text: string) => both.app.client.chat.postMessage({ channel: '#support', text });
const texts = () => both.slack.messages('support').map((message) => message.text);

beforeEach(async () => {
  both = await startBoth();
});

afterEach(() => both.close());

test('rate_limited: 429 with Retry-After, as often as asked', async () => {
  both.slack.faults.add({
    method: 'chat.postMessage',
    times: 1,
    kind: 'rate_limited',
    retryAfterSeconds: 30,
  });
  await expect(post('one')).rejects.toMatchObject({
    code: 'slack_webapi_rate_limited_error',
    retryAfter: 30,
  });
  await post('two');
  expect(texts()).toEqual(['two']);
});

test('http_500 does nothing, apply_then_500 does it and says otherwise', async () => {
  both.slack.faults.add({ kind: 'http_500', times: 1 });
  await expect(post('one')).rejects.toThrow();
  both.slack.faults.add({ kind: 'apply_then_500', times: 1 });
  await expect(post('two')).rejects.toThrow();
  expect(texts()).toEqual(['two']);
});

test('error, timeout, and a hang that ends with clear()', async () => {
  both.slack.faults.add({ kind: 'error', error: 'restricted_action', times: 1 });
  await expect(post('one')).rejects.toMatchObject({ data: { error: 'restricted_action' } });
  both.slack.faults.add({ kind: 'timeout', times: 1 });
  await expect(post('two')).rejects.toThrow();
  both.slack.faults.add({ kind: 'hang' });
  const hanging = expect(post('three')).rejects.toThrow();
  setTimeout(() => both.slack.faults.clear(), 50);
  await hanging;
  await post('four');
  expect(texts()).toEqual(['four']);
});

test('down cuts the API and leaves the page alone', async () => {
  both.slack.faults.down(true);
  await expect(post('one')).rejects.toThrow();
  expect((await fetch(`${both.slack.url}/client/snapshot?as=U0SAM00001`)).status).toBe(200);
  both.slack.faults.down(false);
  await post('two');
  expect(texts()).toEqual(['two']);
});

test('down by refusing: nothing listens, then it does again at the same address', async () => {
  await both.slack.faults.down(true, 'refused');
  await expect(fetch(both.slack.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await expect(post('one')).rejects.toThrow();
  await both.slack.faults.down(false);
  await post('two');
  expect(texts()).toEqual(['two']);
});

test('the pace of posts is recorded, and can be enforced', async () => {
  await post('one');
  expect(both.slack.posts).toMatchObject([
    { method: 'chat.postMessage', channel: 'C0SUPPORT1', text: 'one' },
  ]);
  let now = 1_700_000_000_000;
  const strict = await startBoth({ enforceRateLimit: true, now: () => now });
  const send = () => strict.app.client.chat.postMessage({ channel: '#support', text: 'x' });
  for (let count = 0; count < 5; count += 1) await send();
  await expect(send()).rejects.toMatchObject({ retryAfter: 1 });
  await strict.app.client.chat.postMessage({ channel: '#lucy-billing', text: 'another channel' });
  now += 1000;
  await send();
  await strict.close();
});
