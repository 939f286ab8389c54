import { expect, test } from 'vitest';
import { recoveryWorld } from '#test/world/recovery-world.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

const MINUTE_MS = 60_000;

test('ours and Stripe’s stand in one table, by type and since when, with one button for all of it', async () => {
  const { stripe, clock, lucy, database } = await recoveryWorld();
  stripe.world.subscribe('cus_sofia', 'starter_monthly');
  await stripe.idle();
  await database
    .knex('stripe_events')
    .where({ type: 'invoice.paid' })
    .update({ status: 'dead', error: 'the disk is full' });
  clock.advance(10 * MINUTE_MS);
  stripe.loseWebhooks(true);
  stripe.world.createCustomer({ id: 'cus_new', email: 'new@firm.com', name: 'New' });
  stripe.world.subscribe('cus_new', 'starter_monthly');
  await stripe.idle();
  clock.advance(10 * MINUTE_MS);

  const seen = await lucy('webhook failed');
  expect(seen.code).toBe(0);
  expect(seen.out).toMatch(
    /1 Stripe event failed here, and \d+ events did not arrive by webhook, 0 of which Lucy fetched herself\./,
  );
  expect(seen.out).toContain('invoice.paid, dead: the disk is full');
  const { types, failed } = (await lucy('webhook failed --json')).json<{
    failed: number;
    types: { type: string; dead: number; undelivered: number; since: string }[];
  }>();
  expect(failed).toBe(1);
  expect(types.find((row) => row.type === 'invoice.paid')).toMatchObject({
    dead: 1,
    undelivered: 1,
    since: '2026-11-21T09:00:00.000Z',
  });

  expect((await lucy('webhook failed --since 15m --json')).json()).toMatchObject({ failed: 0 });
  expect((await lucy('webhook failed --since 2030-01-01')).err).toContain('is not past');
});

test('without Stripe, our own are shown, and what was not asked is said', async () => {
  const { lucy } = await terminalWorld();
  const without = await lucy('webhook failed');
  expect(without.code).toBe(0);
  expect(without.out).toContain('Stripe was not asked, because STRIPE_SECRET_KEY is not set here');

  const { lucy: ask, stripe } = await recoveryWorld();
  stripe.faults.down(true);
  const away = await ask('webhook failed');
  expect(away.code).toBe(0);
  expect(away.out).toContain('Stripe could not be asked, so only our own are shown');
});
