import { expect, test } from 'vitest';
import { addRejects } from '#db/webhook-rejects.ts';
import type { Reply } from '#src/replies/reply.ts';
import { recoveryWorld } from '#test/world/recovery-world.ts';

const line = 'escalate stripe-support sofia@firm.com --about "signatures are refused" --ticket ZD-812';

async function stripeWorld() {
  const world = await recoveryWorld();
  const paste = async () => {
    const row: { payload: string } = await world.database.knex('outbox').whereNotNull('card_key').first();
    return (JSON.parse(row.payload) as Reply).paste ?? '';
  };
  return { ...world, paste };
}

test('the text for Stripe holds what its people ask for, and no email of the customer', async () => {
  const { lucy, paste, stripe } = await stripeWorld();

  const typed = await lucy(`${line} --yes`);

  expect(typed.code).toBe(0);
  const text = await paste();
  expect(text).toContain('signatures are refused');
  expect(text).toContain('Account mode: test');
  expect(text).toContain(stripe.endpoint.id);
  expect(text).toContain('/api/billing/webhook, enabled');
  expect(text).toContain('Customer: cus_sofia');
  expect(text).toContain('no webhook of the last hour was refused for its signature');
  expect(text).not.toContain('@');
});

test('refused signatures are diagnosed before anybody writes to Stripe', async () => {
  const { lucy, paste, database, clock } = await stripeWorld();
  await addRejects(database.knex, [
    { minuteAt: clock.now(), reason: 'bad_signature', count: 8, detail: 'No signature matches.' },
  ]);
  await database.knex('stripe_events').delete();

  const preview = await lucy(`${line} --dry-run`);
  await lucy(`${line} --yes`);

  expect(preview.out).toContain('This tells nobody at Stripe');
  expect(preview.out).toContain('Lucy’s own diagnosis of the refused webhooks: The signing secret is wrong');
  expect(preview.out).toContain('Mend that first.');
  expect(await paste()).toContain('What we found ourselves: The signing secret is wrong');
});

test('the endpoints stay open when Stripe is away', async () => {
  const { lucy, paste, stripe } = await stripeWorld();
  await stripe.close();

  const typed = await lucy(`${line} --yes`);

  expect(typed.code).toBe(0);
  expect(await paste()).toContain('Stripe could not be asked for them just now');
});
