import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import {
  oldWebhookSecret,
  signature,
  stripeEvent,
  webhookSecret,
  webhookWorld,
} from '#test/world/webhook-world.ts';

const updated = (id?: string) =>
  stripeEvent(
    'customer.subscription.updated',
    { id: 'sub_1', object: 'subscription', customer: 'cus_X' },
    id,
  );

test('a signed event is stored with its raw bytes, header and time, and marks its customer dirty', async () => {
  const { deliver, database, clock } = await webhookWorld();
  const body = JSON.stringify(updated('evt_1'), null, 2);

  const answer = await deliver(body);

  expect(answer).toMatchObject({ status: 200, body: { status: 'received' } });
  const [row] = await database.knex('stripe_events');
  expect(row).toMatchObject({
    id: 'evt_1',
    type: 'customer.subscription.updated',
    payload: body,
    received_at: clock.now(),
    secret_slot: 0,
    delivery_count: 1,
  });
  expect(row.signature_header).toContain('v1=');
  expect(await database.knex('customer_sync')).toMatchObject([
    { stripe_customer_id: 'cus_X', dirty_seq: 1, synced_seq: 0 },
  ]);
});

test('one flipped byte is a 400, and nothing is stored', async () => {
  const { send, database, clock } = await webhookWorld();
  const body = JSON.stringify(updated());
  const signed = signature(body, webhookSecret, clock.now());

  const changedBody = await send(body.replace('cus_X', 'cus_Y'), { 'stripe-signature': signed });
  const changedMac = await send(body, {
    'stripe-signature': signed.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
  });

  expect([changedBody.status, changedMac.status]).toEqual([400, 400]);
  expect(changedBody.body.error?.code).toBe('bad_signature');
  expect(await database.knex('stripe_events')).toEqual([]);
  expect(await database.knex('customer_sync')).toEqual([]);
});

test.each([
  ['301 s old', -301_000, 'too_old'],
  ['301 s ahead', 301_000, 'in_the_future'],
])('a good signature %s is a 400', async (_name, offset, code) => {
  const { deliver, clock, database } = await webhookWorld();

  const answer = await deliver(updated(), { at: clock.now() + offset });

  expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
  expect(await database.knex('stripe_events')).toEqual([]);
});

test('a header with two times is no header: what was signed long ago does not become young by a second one', async () => {
  const { send, clock, database } = await webhookWorld();
  const body = JSON.stringify(updated());
  const old = signature(body, webhookSecret, clock.now() - 3_600_000);
  const young = `t=${Math.floor(clock.now() / 1000)}`;

  const answers = await Promise.all(
    [`${young},${old}`, `${old},${young}`, ` ${young},${old}`].map((header) =>
      send(body, { 'stripe-signature': header }),
    ),
  );

  expect(answers.map((answer) => answer.status)).toEqual([400, 400, 400]);
  expect(await database.knex('stripe_events')).toEqual([]);
});

test('300 s either way is still taken', async () => {
  const { deliver, clock } = await webhookWorld();

  const answers = await Promise.all(
    [-300_000, 300_000].map((offset) => deliver(updated(), { at: clock.now() + offset })),
  );

  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
});

test('while a secret is rolled both are good, and the slot is kept', async () => {
  const { deliver, database } = await webhookWorld();

  await deliver(updated('evt_new'));
  await deliver(updated('evt_old'), { secret: oldWebhookSecret });

  expect(await database.knex('stripe_events').orderBy('id').select('id', 'secret_slot')).toEqual([
    { id: 'evt_new', secret_slot: 0 },
    { id: 'evt_old', secret_slot: 1 },
  ]);
});

test.each([
  ['no header', (body: string) => ({ body, headers: {} }), 'no_header'],
  ['an empty header', (body: string) => ({ body, headers: { 'stripe-signature': '' } }), 'no_header'],
  [
    'a good signature with something behind it',
    (body: string, at: number) => ({
      body,
      headers: { 'stripe-signature': `${signature(body, webhookSecret, at)}zz` },
    }),
    'bad_signature',
  ],
  ['only v0', (body: string) => ({ body, headers: { 'stripe-signature': 't=1,v0=abc' } }), 'bad_signature'],
  [
    'a signature made with an empty secret',
    (body: string, at: number) => ({ body, headers: { 'stripe-signature': signature(body, '', at) } }),
    'bad_signature',
  ],
  [
    'not JSON',
    (_body: string, at: number) => ({
      body: '{"id":',
      headers: { 'stripe-signature': signature('{"id":', webhookSecret, at) },
    }),
    'not_json',
  ],
  [
    'JSON that is no event',
    (_body: string, at: number) => ({
      body: '[1]',
      headers: { 'stripe-signature': signature('[1]', webhookSecret, at) },
    }),
    'not_an_event',
  ],
  [
    'JSON nested 100,000 deep',
    (_body: string, at: number) => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      return { body: deep, headers: { 'stripe-signature': signature(deep, webhookSecret, at) } };
    },
    'not_an_event',
  ],
  [
    'a thin event',
    (_body: string, at: number) => {
      const thin = '{"object":"v2.core.event","id":"evt_1"}';
      return { body: thin, headers: { 'stripe-signature': signature(thin, webhookSecret, at) } };
    },
    'thin_event',
  ],
])('%s is a 400 with its reason', async (_name, make, code) => {
  const { send, database, clock } = await webhookWorld();
  const { body, headers } = make(JSON.stringify(updated()), clock.now());

  const answer = await send(body, headers);

  expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
  expect(await database.knex('stripe_events')).toEqual([]);
});

test('bytes that are not UTF-8 are refused even when their signature is right', async () => {
  const { send, database, clock } = await webhookWorld();
  const body = Buffer.concat([
    Buffer.from(JSON.stringify(updated()).slice(0, -1)),
    Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  ]);

  const answer = await send(body, { 'stripe-signature': signature(body, webhookSecret, clock.now()) });

  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'not_utf8' } } });
  expect(await database.knex('stripe_events')).toEqual([]);
});

test('1 MiB is taken; one byte more is a 413 that its sender can read, on a connection that goes on', async () => {
  const { deliver, send } = await webhookWorld();
  const sized = (bytes: number) => {
    const event = updated(`evt_${bytes}`);
    const bare = JSON.stringify({ ...event, pad: '' }).length;
    return JSON.stringify({ ...event, pad: 'x'.repeat(bytes - bare) });
  };

  const fits = await deliver(sized(1024 * 1024));
  const tooLarge = await deliver(sized(1024 * 1024 + 1));
  const huge = await send(Buffer.alloc(5 * 1024 * 1024, 'x'));

  expect([fits.status, tooLarge.status, huge.status]).toEqual([200, 413, 413]);
  expect(tooLarge.body.error?.code).toBe('too_large');
});

test('refused deliveries are counted by reason, not logged or stored one by one', async () => {
  const { send, rejects, database } = await webhookWorld();
  await Promise.all(Array.from({ length: 20 }, () => send('{}', { 'stripe-signature': 't=1,v1=00' })));
  await send('{}');

  await rejects.flush();

  const counts = await database.knex('webhook_rejects').orderBy('reason').select('reason', 'count');
  expect(counts).toEqual([
    { reason: 'bad_signature', count: 20 },
    { reason: 'no_header', count: 1 },
  ]);
});

test('the same event 100 times at once is one row with its count', async () => {
  const { deliver, database } = await webhookWorld();
  const event = updated('evt_same');

  const answers = await Promise.all(Array.from({ length: 100 }, () => deliver(event)));

  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  expect(await database.knex('stripe_events').select('id', 'delivery_count')).toEqual([
    { id: 'evt_same', delivery_count: 100 },
  ]);
});

test('events of few customers, each twice, from many senders at once: each is one row, and every mark counts', async () => {
  const { deliver, database } = await webhookWorld();
  const sent = Array.from({ length: 240 }, (_none, at) =>
    stripeEvent(
      'customer.subscription.updated',
      { id: `sub_${at % 7}`, object: 'subscription', customer: `cus_${at % 7}` },
      `evt_${at % 120}`,
    ),
  );

  const answers = await Promise.all(sent.map((event) => deliver(event)));

  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  const rows = await database.knex('stripe_events').select('delivery_count');
  expect(rows).toHaveLength(120);
  expect(new Set(rows.map((row) => row.delivery_count))).toEqual(new Set([2]));
  const marks = await database.knex('customer_sync').select('dirty_seq');
  expect(marks.reduce((sum, { dirty_seq: seq }) => sum + Number(seq), 0)).toBe(240);
});

test('an event of the other mode, or of a connected account, is set apart without a dirty mark', async () => {
  const { deliver, database } = await webhookWorld();

  const live = await deliver({ ...updated('evt_live'), livemode: true });
  const account = await deliver({ ...updated('evt_account'), account: 'acct_1' });

  expect([live.body.status, account.body.status]).toEqual(['quarantined', 'quarantined']);
  expect(await database.knex('customer_sync')).toEqual([]);
});

test('a type that Lucy does not know is stored as ignored, and a dispute waits for its turn', async () => {
  const { deliver, database } = await webhookWorld();

  await deliver(stripeEvent('treasury.something', { id: 'x' }, 'evt_unknown'));
  await deliver(
    stripeEvent('charge.dispute.created', { id: 'du_1', object: 'dispute', charge: 'ch_1' }, 'evt_dispute'),
  );
  await deliver(stripeEvent('__proto__', { id: 'x' }, 'evt_proto'));

  expect(await database.knex('stripe_events').orderBy('id').select('id', 'status')).toEqual([
    { id: 'evt_dispute', status: 'received' },
    { id: 'evt_proto', status: 'ignored' },
    { id: 'evt_unknown', status: 'ignored' },
  ]);
});

test('an event that had failed is taken up again when Stripe sends it again', async () => {
  const { deliver, database } = await webhookWorld();
  await deliver(updated('evt_again'));
  await database.knex('stripe_events').update({ status: 'dead', attempts: 8, next_attempt_at: 9e15 });
  await database.knex('customer_sync').update({ synced_seq: 1 });

  await deliver(updated('evt_again'));

  expect(await database.knex('stripe_events')).toMatchObject([{ status: 'received', delivery_count: 2 }]);
  expect(await database.knex('customer_sync')).toMatchObject([{ dirty_seq: 2, synced_seq: 1 }]);
});

test('when the event cannot be stored the answer is 503, never 200', async () => {
  const { deliver, database } = await webhookWorld();
  await database.knex.schema.renameTable('stripe_events', 'stripe_events_gone');

  const answer = await deliver(updated());

  expect(answer).toMatchObject({ status: 503, body: { error: { code: 'not_stored' } } });
});

test('while another process holds the database for a second, events wait and are stored', async () => {
  const { deliver, database, url } = await webhookWorld();
  const other = openDatabase(url, { busyTimeoutMs: 100 });
  const trx = await other.knex.transaction();
  await trx(testEngine === 'sqlite' ? 'customer_sync' : 'stripe_events').del();
  if (testEngine === 'postgres') await trx.raw('lock table stripe_events in access exclusive mode');
  const held = new Promise((resolve) => setTimeout(resolve, 800)).then(() => trx.rollback());

  const answers = await Promise.all([deliver(updated()), deliver(updated())]);
  await held;
  await other.close();

  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  expect(await database.knex('stripe_events')).toHaveLength(2);
});

test('a client that drips its request is cut off, and others are served meanwhile', async () => {
  const { port, deliver } = await webhookWorld();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => {
    const since = performance.now();
    socket.on('close', () => resolve(performance.now() - since));
  });
  socket.write('POST /api/billing/webhook HTTP/1.1\r\nHost: lucy\r\nX-Slow: ');
  const drip = setInterval(() => socket.write('a'), 200);

  const answer = await deliver(updated());
  const lived = await closed;
  clearInterval(drip);

  expect(answer.status).toBe(200);
  expect(lived).toBeLessThan(8_000);
}, 15_000);
