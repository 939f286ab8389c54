import { expect, test } from 'vitest';
import { billingWorld } from '#test/world/billing-world.ts';
import { runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { staff } from '#test/world/terminal-world.ts';

const link = 'customer link sofia@firm.com cus_1 --reason "paid with her private email"';

test('a link lets the events go that waited for it, and the tier follows', async () => {
  const { truth, receive, drain, lucy, show } = await billingWorld({ customers: [] });
  await lucy('customer add sofia@firm.com --reason "new account" --yes');
  await receive(events.subscription('updated', truth.subscribe('cus_1', 'price_B')));
  await receive(events.subscription('updated', { id: 'sub_1', customer: 'cus_1' }));
  await drain();
  expect((await show('sofia@firm.com')).tier).toBe('free');

  const preview = await lucy(`${link} --dry-run`);
  const typed = await lucy(`${link} --yes`);
  await drain();

  expect(preview.out).toContain('Stripe customers: none → cus_1');
  expect(typed.out).toContain('cus_1 linked to sofia@firm.com.');
  expect(typed.out).toContain('2 events that came before the link');
  expect(typed.out).toContain('the tier follows in a few seconds');
  expect((await show('sofia@firm.com')).tier).toBe('pro');
});

test('a Stripe customer of somebody else is refused, with the way out', async () => {
  const { lucy, done, rows } = await sofiaWorld();
  await done('customer add max@firm.com --stripe cus_1 --reason "new account"');

  const typed = await lucy(`${link} --yes`);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain('cus_1 is linked to max@firm.com.');
  expect(typed.err).toContain('customer unlink max@firm.com cus_1');
  expect(await rows('runs', { command: 'customer link' })).toEqual([]);
});

test('linking twice says that nothing needs to be done', async () => {
  const { lucy, done, database } = await sofiaWorld();
  await done(link);

  const again = await lucy(`${link} --yes`);

  expect(again.code).toBe(1);
  expect(again.err).toContain('cus_1 is already linked to this customer.');
  expect(await database.knex('customer_links')).toHaveLength(1);
});

test('of two who link one Stripe customer at once, the first holds and the second is told', async () => {
  const { lucy, done, database } = await sofiaWorld();
  await done('customer add max@firm.com --reason "new account"');

  const typed = await Promise.all([
    lucy(`${link} --yes`),
    lucy('customer link max@firm.com cus_1 --reason "his card" --yes'),
  ]);

  expect(typed.map(({ code }) => code).sort()).toEqual([0, 1]);
  expect(await database.knex('customer_links')).toHaveLength(1);
});

test('undo takes the link away again', async () => {
  const { done, show } = await sofiaWorld();
  const run = runOf(await done(link));
  expect(await show()).toMatchObject({ stripeCustomer: 'cus_1' });

  await done(`undo ${run} --reason "wrong customer"`);

  expect(await show()).toMatchObject({ stripeCustomer: null });
});

test('someone without the role is refused', async () => {
  const { lucy, database } = await sofiaWorld();

  const typed = await lucy(`${link} --yes`, staff('oncall'));

  expect(typed.code).toBe(3);
  expect(await database.knex('customer_links')).toEqual([]);
});

test.each(['sub_1', 'cus', 'cus_a;b', ''])('“%s” is no Stripe customer', async (id) => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy(`customer link sofia@firm.com --stripe=${id} --reason "paid elsewhere" --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain('starts with cus_');
});
