import { expect, test } from 'vitest';
import { resolveEvents } from '#src/billing-events/resolve-events.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { type BillingWorld, billingWorld, sofia } from '#test/world/billing-world.ts';
import { disputeWorld } from '#test/world/dispute-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { events } from '#test/world/stripe-truth.ts';

const link = (email: string) => `customer link ${email} ${sofia.stripe} --reason "the right one" --yes`;
const unlink = `customer unlink ${sofia.email} ${sofia.stripe} --reason "wrong link" --yes`;

/** Nobody is linked, and Stripe does something else first when a pass asks for what the bank says. */
async function nobodysPass(first: () => Promise<unknown>) {
  const world = await disputeWorld();
  world.says();
  expect((await world.lucy(unlink)).code).toBe(0);
  await world.sends('created');
  await resolveEvents(world.deps);
  const { stripe } = world.deps;
  const listDisputes = async (charge: string) => {
    await first();
    return stripe.listDisputes(charge);
  };
  return { world, begin: () => syncNext({ ...world.deps, stripe: { ...stripe, listDisputes } }) };
}

async function openFindings({ database }: BillingWorld): Promise<string[]> {
  const rows: { kind: string }[] = await database.knex('findings').where({ state: 'open' });
  return rows.map(({ kind }) => kind).filter((kind) => kind === 'unlinked_customer');
}

test('whoever is linked while a pass finds that they are nobody’s does not wait for the end of its lease', async () => {
  const { world, begin } = await nobodysPass(async () => {
    expect((await world.lucy(link(sofia.email))).code).toBe(0);
  });

  expect(await begin()).toBe('unlinked');
  expect(await syncNext(world.deps)).toBe('synced');
  expect(await openFindings(world)).toEqual([]);
  expect((await world.show(sofia.email)).tier).toBe('pro');
});

test('whoever is linked to somebody else while Stripe is asked does not wait for the end of the lease', async () => {
  const world = await billingWorld();
  const subscription = world.truth.subscribe(sofia.stripe, 'price_B');
  await world.receive(events.invoice('paid', world.truth.payInvoice(subscription.id)));
  await world.lucy('customer add other@firm.com --reason "their new account" --yes');
  const { stripe } = world.deps;
  const listSubscriptions = async (id: string) => {
    for (const line of [unlink, link('other@firm.com')]) expect((await world.lucy(line)).code).toBe(0);
    return stripe.listSubscriptions(id);
  };

  expect(await syncNext({ ...world.deps, stripe: { ...stripe, listSubscriptions } })).toBe('fenced');
  expect(await syncNext(world.deps)).toBe('synced');
  expect((await world.show('other@firm.com')).tier).toBe('pro');
  expect((await world.show(sofia.email)).tier).toBe('free');
});

// On SQLite one of the two is over before the other one begins.
test.runIf(testEngine === 'postgres').each(['link', 'pass'])(
  'a link and a pass that finds nobody meet, the %s first: no finding stays open',
  async (first) => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const { world, begin } = await nobodysPass(() => {
      asked.resolve();
      return answer.promise;
    });
    const { knex } = world.database;
    const pass = begin();
    await asked.promise;
    const holder = await knex.transaction();
    await holder.raw('lock table findings in share mode');
    const waiting = async () => {
      const { rows } = await knex.raw(`
        select count(*)::integer as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
      return rows[0].waiting;
    };

    const begun: Record<string, () => unknown> = {
      pass: () => answer.resolve(),
      link: () => world.lucy(link(sofia.email)),
    };
    const linked = first === 'link' ? begun.link?.() : begun.pass?.();
    await expect.poll(waiting).toBe(1);
    const last = first === 'link' ? begun.pass?.() : begun.link?.();
    await expect.poll(waiting).toBe(2);
    await holder.commit();
    await Promise.all([pass, linked, last]);

    expect(await openFindings(world)).toEqual([]);
    await world.drain();
    expect((await world.show(sofia.email)).tier).toBe('pro');
  },
);
