import { expect, test } from 'vitest';
import { pruneEvents } from '#src/billing-events/prune-events.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { sofia } from '#test/world/billing-world.ts';
import { type DisputeWorld, disputeWorld } from '#test/world/dispute-world.ts';
import { disputeOf } from '#test/world/truth-disputes.ts';
import { stripeEvent } from '#test/world/webhook-world.ts';

const settings = settingsSchema.parse({ ...sampleSettings, disputes: { access: 'restrict' } });
const unlink = `customer unlink ${sofia.email} ${sofia.stripe} --reason "wrong link"`;

/** Sofia's payment is disputed, her access restricted, and then somebody takes the link away. */
async function unlinkedWhileDisputed() {
  const world = await disputeWorld({ settings });
  world.says();
  await world.tells('created');
  expect((await world.show(sofia.email)).access).toBe('restricted');
  const unlinked = await world.lucy(`${unlink} --yes`);
  expect(unlinked.code, unlinked.err).toBe(0);
  return world;
}

async function linkToOther(world: DisputeWorld): Promise<void> {
  await world.lucy('customer add other@firm.com --reason "their new account" --yes');
  const typed = await world.lucy(
    `customer link other@firm.com ${sofia.stripe} --reason "the right one" --yes`,
  );
  expect(typed.code, typed.err).toBe(0);
  await world.drain();
}

test('whoever unlinks while a bank decides is told that payment, credits and access follow the dispute', async () => {
  const world = await disputeWorld({ settings });
  world.says();
  await world.tells('created');

  const preview = await world.lucy(`${unlink} --dry-run`);

  expect(preview.out).toContain(
    `A bank still decides about $49.00 that ${sofia.stripe} paid (${world.disputeId})`,
  );
  expect(preview.out).toContain(`dispute show ${world.disputeId}`);
});

test('the dispute is won while nobody is linked: the credits are free again, and the access is whole', async () => {
  const world = await unlinkedWhileDisputed();

  world.says({ status: 'won' });
  await world.tells('closed');

  expect(await world.credits()).toMatchObject({
    balance: world.granted,
    spendable: world.granted,
    frozen: 0,
  });
  expect((await world.show(sofia.email)).access).toBe('full');
  expect(await world.messages('entitlements')).toContainEqual(
    expect.stringContaining(`${sofia.email} now has full access`),
  );
});

test('it is lost while nobody is linked: the credits go, once, whoever is linked afterwards', async () => {
  const world = await unlinkedWhileDisputed();

  world.says({ status: 'lost' });
  await world.tells('closed');
  expect(await world.credits()).toMatchObject({ balance: 0, spendable: 0, frozen: 0, debt: 0 });
  await world.tells('updated');
  await linkToOther(world);

  expect(await world.credits()).toMatchObject({ balance: 0, debt: 0 });
  expect((await world.lucy(`credits audit ${sofia.email}`)).code).toBe(0);
  expect(await world.database.knex('credit_entries').where({ type: 'reverse' })).toHaveLength(1);
});

test('it is won when somebody else is linked: it is Sofia’s access that is whole again', async () => {
  const world = await unlinkedWhileDisputed();
  await linkToOther(world);
  expect((await world.show(sofia.email)).access).toBe('restricted');

  world.says({ status: 'won' });
  await world.tells('closed');

  expect(await world.credits()).toMatchObject({ spendable: world.granted, frozen: 0 });
  expect((await world.show(sofia.email)).access).toBe('full');
});

test('what Stripe sent about a payment under legal hold is kept, though somebody else is linked by now', async () => {
  const world = await unlinkedWhileDisputed();
  await linkToOther(world);
  world.clock.advance(400 * 86_400_000);

  await pruneEvents(world.deps);

  expect(await world.database.knex('stripe_events').whereNotNull('pruned_at')).toEqual([]);
  expect(await world.database.knex('stripe_events').where({ type: 'invoice.paid' })).toHaveLength(1);
});

test('the second payment of one invoice is disputed: its credits are frozen, and go when it is lost', async () => {
  const world = await disputeWorld();
  const second = disputeOf('ch_second', world.clock.now(), { id: 'dp_second', amount: 2_450 });
  world.truth.disputes.set('ch_second', [second]);
  world.truth.gateway.findInvoiceOfPaymentIntent = async (id) =>
    id === 'pi_second' ? world.invoice.id : null;
  const tells = async (type: string) => {
    const object = { id: second.id, object: 'dispute', charge: 'ch_second', payment_intent: 'pi_second' };
    await world.receive(
      stripeEvent(`charge.dispute.${type}`, { ...object, customer: sofia.stripe }, `evt_${type}`),
    );
    await world.drain();
  };

  await tells('created');
  expect(await world.database.knex('disputes')).toMatchObject([{ payment_id: world.invoice.id }]);
  expect(await world.credits()).toMatchObject({ balance: world.granted, frozen: world.granted });
  second.status = 'lost';
  await tells('closed');

  expect(await world.credits()).toMatchObject({ balance: world.granted / 2, frozen: 0, debt: 0 });
});
