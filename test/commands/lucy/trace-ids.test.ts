import { expect, test } from 'vitest';
import { apiWorld } from '#test/world/api-world.ts';
import { dunningWorld } from '#test/world/dunning-world.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';

type Traced = { timeline: { kind: string; id: string; sentence: string }[] };

test('a mail leads to the others about the same payment and to the event; the event leads to the mail', async () => {
  const world = await dunningWorld();
  const invoice = await world.fails();
  await world.post();
  const [mail] = await world.database.knex('mails');

  const fromMail = (await world.lucy(`trace ${mail.id} --json`)).json<Traced>().timeline;
  const fromInvoice = (await world.lucy(`trace ${invoice} --json`)).json<Traced>().timeline;

  expect(fromMail.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['event', 'mail']));
  expect(fromInvoice.find(({ kind }) => kind === 'mail')).toMatchObject({
    id: mail.id,
    sentence: 'A mail to the customer that a payment failed was sent.',
  });
  expect((await world.lucy('trace mail_00000000000000000000000000')).code).toBe(5);
});

test('a fraud lock leads to whoever set it, and why', async () => {
  const { lucy, done, rows } = await sofiaWorld();
  await done('customer lock sofia@firm.com --reason "stolen card" --ticket ZD-840');
  const [lock] = await rows<{ id: string }>('customer_locks');

  expect((await lucy(`trace ${lock?.id}`)).out).toContain('“customer lock”: stolen card, ZD-840.');
});

test('the product’s own usage id, and a hold, lead to what they cost', async () => {
  const world = await apiWorld();
  await world.grant(100);
  const told = { email: 'sofia@firm.com', usageId: 'use-1', credits: 7, model: 'large' };
  await world.call('POST', '/api/usage', told, { 'x-request-id': 'req-77' });
  const held = await world.post('/api/credits/holds', { email: 'sofia@firm.com', amount: 5 }, 'hold-1');

  for (const id of ['use-1', 'req-77']) {
    const { timeline } = (await world.lucy(`trace ${id} --json`)).json<Traced>();
    expect(
      timeline.map(({ kind }) => kind),
      id,
    ).toEqual(expect.arrayContaining(['usage', 'ledger']));
    expect(timeline.find(({ kind }) => kind === 'usage')?.sentence).toBe(
      'The product told of a call of large (use-1) that cost 7 credits.',
    );
  }
  expect((await world.lucy(`trace ${held.json.hold}`)).out).toContain('“credits hold');
});
