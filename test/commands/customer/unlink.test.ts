import { expect, test } from 'vitest';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { staff } from '#test/world/terminal-world.ts';

const unlink = 'customer unlink sofia@firm.com cus_sofia --reason "belongs to her firm"';

async function withPro() {
  const world = await billingWorld();
  const { truth, receive, drain } = world;
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  await receive(events.invoice('paid', invoice));
  await drain();
  return world;
}

test('unlinking takes the tier at once and leaves the credits, with one change row and one log line', async () => {
  const { lucy, show, database, logs } = await withPro();

  const preview = await lucy(`${unlink} --dry-run`);
  const typed = await lucy(`${unlink} --yes`);

  expect(preview.out).toContain('Tier: pro → free');
  expect(typed.code).toBe(0);
  expect(await show(sofia.email)).toMatchObject({ tier: 'free', credits: { balance: 500 } });
  const changes = await database.knex('entitlement_changes').orderBy('version');
  expect(changes.map((change) => [change.from_tier, change.to_tier, change.cause])).toEqual([
    ['free', 'pro', 'event'],
    ['pro', 'free', 'staff'],
  ]);
  expect(changes[1].reason).toBe('cus_sofia was unlinked: belongs to her firm');
  expect(logs.filter((line) => line.action === 'customer_unlinked')).toMatchObject([
    { event: 'entitlement_change', from: { tier: 'pro' }, to: { tier: 'free' } },
  ]);
});

test('undo links it again, and Stripe is asked', async () => {
  const { lucy, show, drain } = await withPro();
  const run = runOf(await lucy(`${unlink} --yes`));

  await lucy(`undo ${run} --reason "it was hers" --yes`);
  await drain();

  expect(await show(sofia.email)).toMatchObject({ tier: 'pro' });
});

test('what is not linked to this customer cannot be unlinked, twice neither', async () => {
  const { lucy, done } = await sofiaWorld();
  const never = await lucy(`${unlink} --yes`);
  await done('customer link sofia@firm.com cus_sofia --reason "hers"');
  await done(unlink);

  const again = await lucy(`${unlink} --yes`);

  expect([never.code, again.code]).toEqual([2, 2]);
  expect(again.err).toContain('cus_sofia is not linked to sofia@firm.com.');
  expect(again.err).toContain('customer show sofia@firm.com');
});

test('someone without the role is refused', async () => {
  const { lucy } = await sofiaWorld();

  expect((await lucy(`${unlink} --yes`, staff('oncall'))).code).toBe(3);
});
