import { expect, test } from 'vitest';
import { deleteReconcileRunsBefore } from '#db/reconcile-findings.ts';
import { listEntitledByNothing, listOtherMode } from '#db/reconcile-scan.ts';
import { startNightly } from '#src/reconciliation/nightly.ts';
import { reconcileWorld } from '#test/world/reconcile-world.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

test('what only informs is told by one night and counted by the others; a person is told all of it', async () => {
  const { customer, stripe, clock, carry, recon, work, found, told, run, as } = await reconcileWorld();
  const id = await customer('sofia');
  const session = stripe.world.checkout({ customer: id, price: 'pro_monthly', payment: 'none' });
  stripe.world.expireCheckout(session.id);
  await stripe.idle();
  await work();
  for (const day of [22, 23]) {
    clock.set(Date.UTC(2026, 10, day, 3, 31));
    await startNightly(recon);
    await carry();
  }
  expect(await found()).toEqual([`abandoned_checkout ${session.id} ambiguous`]);
  expect((await told('billing')).at(-1)).toBe(
    'The last nightly reconciliation with Stripe: nothing new in 0 subscriptions; 1 question told before.',
  );

  await run();
  expect((await as('bea', 'reconcile show')).out).toContain('abandoned_checkout');
});

test('what is older than 90 days is forgotten, and what is being put right is not', async () => {
  const { stripe, lost, clock, run, as, findings, database, customer } = await reconcileWorld();
  const nora = await customer('nora');
  await lost(() => stripe.world.subscribe(nora, 'pro_monthly'));
  clock.advance(HOUR_MS);
  const [old, queued] = [await run(), await run()];
  const asked = await as('bo', `reconcile apply ${queued} --kind credits_missing --reason "lost" --json`);
  const { approval } = asked.json<{ approval: string }>();
  await as('bea', `approval approve ${approval} --reason "checked"`);
  clock.advance(91 * DAY_MS);
  const young = await run();
  const sql = database.knex;
  for (const table of ['reconcile_shards', 'reconcile_suspects'])
    await sql(table).where({ run_id: old }).delete();

  await deleteReconcileRunsBefore(sql, clock.now() - 90 * DAY_MS);

  expect([...new Set((await findings()).map((row) => row.run_id))].sort()).toEqual([queued, young].sort());
  expect((await as('bea', `reconcile show ${old}`)).err).toContain('There is no reconciliation');
});

test('our own lists are read in slices of the key, however few rows of them match', async () => {
  const { database, stripe, work, clock } = await reconcileWorld();
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  await stripe.idle();
  await work();
  const sql = database.knex;
  const [sub] = await sql('subscriptions');
  const [entitlement] = await sql('entitlements');
  const [owner] = await sql('customers').where({ id: entitlement.customer_id });
  for (let n = 10; n < 35; n++) {
    await sql('subscriptions').insert({ ...sub, id: `sub_0${n}`, mode: n % 10 === 0 ? 'live' : 'test' });
    await sql('customers').insert({ ...owner, id: `cust_0${n}`, email: `n${n}@firm.com` });
    const source_ref = n % 10 === 0 ? 'sub_gone' : sub.id;
    await sql('entitlements').insert({ ...entitlement, customer_id: `cust_0${n}`, source_ref });
  }
  const before = clock.now() + DAY_MS;
  const all: string[][] = [[], []];
  const slices = [0, 0];
  for (let after: string | null = null; ; ) {
    const { rows, last } = await listOtherMode(sql, 'test', after, 4);
    all[0]?.push(...rows.map((row) => row.id));
    slices[0] = (slices[0] ?? 0) + 1;
    if (last === null) break;
    after = last;
  }
  for (let after: string | null = null; ; ) {
    const wanted = { lowest: 'free', mode: 'test', before, after, size: 4 };
    const { rows, last } = await listEntitledByNothing(sql, wanted);
    all[1]?.push(...rows.map((row) => row.customer_id));
    slices[1] = (slices[1] ?? 0) + 1;
    if (last === null) break;
    after = last;
  }
  expect(all).toEqual([
    ['sub_010', 'sub_020', 'sub_030'],
    ['cust_010', 'cust_020', 'cust_030'],
  ]);
  expect(slices).toEqual([7, 7]);
});
