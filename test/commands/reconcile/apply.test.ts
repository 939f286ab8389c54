import { expect, test } from 'vitest';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import { createCarrier } from '#src/reconciliation/carry.ts';
import { carryRepairs } from '#src/reconciliation/carry-repairs.ts';
import { reconcileWorld } from '#test/world/reconcile-world.ts';
import { staff } from '#test/world/terminal-world.ts';

const MINUTE_MS = 60_000;

/** Two customers paid and have nothing; a run found it. */
async function foundWorld() {
  const world = await reconcileWorld();
  const { stripe, lost, clock, customer, run, as } = world;
  const nora = await customer('nora');
  await lost(() => {
    stripe.world.subscribe('cus_sofia', 'pro_monthly');
    stripe.world.subscribe(nora, 'starter_monthly');
  });
  clock.advance(60 * MINUTE_MS);
  const id = await run();
  const approved = async (line: string) => {
    const asked = await as('bo', `${line} --reason "webhooks were lost" --ticket INC-7 --json`);
    if (asked.code !== 4) throw new Error(`${asked.out}${asked.err}`);
    const { approval } = asked.json<{ approval: string }>();
    return as('bea', `approval approve ${approval} --reason "checked"`);
  };
  return { ...world, id, nora, approved };
}

test('it takes a second person; the preview shows both sides, and the receipt where to look', async () => {
  const { as, lucy, id, approved, show, repair, database } = await foundWorld();
  const preview = await as(
    'bo',
    `reconcile apply ${id} --kind paid_not_provisioned --reason "lost" --dry-run`,
  );
  expect(preview.out).toContain('Put 2 differences right: paid, but has nothing');
  expect(preview.out).toMatch(
    /sofia@firm\.com: sub_\w+ is active \(pro_monthly\) \| tier free, access full → /,
  );
  const denied = await lucy(
    `reconcile apply ${id} --kind paid_not_provisioned --reason "a test" --yes`,
    staff('support'),
  );
  expect(denied.code).toBe(3);

  expect((await approved(`reconcile apply ${id} --kind paid_not_provisioned`)).code).toBe(0);
  expect(await database.knex('customer_sync').whereRaw('dirty_seq > synced_seq')).toEqual([]);
  await repair();

  expect((await show('sofia@firm.com')).tier).toBe('pro');
  expect((await show('nora@firm.com')).tier).toBe('starter');
  const audited = await database.knex('audit_events').where({ command: 'reconcile apply', surface: 'job' });
  expect(audited).toHaveLength(2);
  expect(audited[0]).toMatchObject({ actor_name: 'Bo', ticket: 'INC-7', reason: 'webhooks were lost' });
  const again = await as('bo', `reconcile apply ${id} --kind paid_not_provisioned --reason "again"`);
  expect(again.code).toBe(1);
  expect(again.err).toContain('Nothing of it is open any more');
});

test('one finding alone; what came right meanwhile is left alone', async () => {
  const { id, approved, findings, repair, show, poll, work, clock } = await foundWorld();
  const sofias = (await findings()).find(
    ({ kind, evidence }) => kind === 'paid_not_provisioned' && evidence.includes('pro_monthly'),
  );
  expect((await approved(`reconcile apply ${id} --finding ${sofias?.id}`)).code).toBe(0);
  clock.advance(2 * MINUTE_MS);
  await poll();
  await work();
  expect((await show('sofia@firm.com')).entitlementChanges).toHaveLength(1);

  await repair();

  const states = new Map((await findings()).map((row) => [row.id, row]));
  expect(states.get(sofias?.id ?? '')).toMatchObject({
    state: 'gone',
    outcome: expect.stringContaining('agree by now'),
  });
  expect([...states.values()].filter(({ state }) => state === 'open')).toHaveLength(3);
  expect((await show('sofia@firm.com')).entitlementChanges).toHaveLength(1);
});

test('what became ambiguous is refused at the moment of applying, and says why', async () => {
  const { id, approved, findings, repair, show, stripe, lost } = await foundWorld();
  expect((await approved(`reconcile apply ${id} --kind paid_not_provisioned`)).code).toBe(0);
  await lost(() => stripe.world.subscribe('cus_sofia', 'starter_monthly'));

  await repair();

  const refused = (await findings()).filter(({ state }) => state === 'refused');
  expect(refused).toEqual([
    expect.objectContaining({ outcome: expect.stringContaining('a person decides') }),
  ]);
  expect((await show('sofia@firm.com')).tier).toBe('free');
  expect((await show('nora@firm.com')).tier).toBe('starter');
});

test('what only a person can decide is never put right by Lucy, with what to do instead', async () => {
  const { as, run, stripe, clock, work } = await reconcileWorld();
  const stranger = stripe.world.createCustomer({ email: 'omar@firm.com', name: 'Omar' }).id;
  stripe.world.subscribe(stranger, 'pro_monthly');
  await stripe.idle();
  await work();
  clock.advance(60 * MINUTE_MS);
  const id = await run();
  const typed = await as('bo', `reconcile apply ${id} --kind unlinked_customer --reason "a test"`);
  expect(typed.code).toBe(3);
  expect(typed.err).toContain(`customer link EMAIL ${stranger}`);
  expect((await as('bo', `reconcile apply ${id} --kind wrong_tier --reason "a test"`)).code).toBe(5);
  expect((await as('bo', `reconcile apply ${id} --reason "a test"`)).code).toBe(2);
  expect((await as('bo', 'reconcile apply rec_none --kind wrong_tier --reason "a test"')).code).toBe(5);
});

test('Stripe away is waited for; two workers decide each finding once, and credits are granted once', async () => {
  const { id, approved, findings, recon, work, show, clock, database } = await foundWorld();
  expect((await approved(`reconcile apply ${id} --kind credits_missing`)).code).toBe(0);
  const stripe = {
    ...recon.stripe,
    listSubscriptions: () => Promise.reject(new StripeAway('Stripe is down')),
  };
  await carryRepairs({ ...recon, stripe });
  expect((await findings()).filter(({ state }) => state === 'applied')).toEqual([]);

  clock.advance(10 * MINUTE_MS);
  await Promise.all([carryRepairs(recon), carryRepairs(recon), carryRepairs(recon)]);
  expect(
    (await findings()).filter(({ state }) => state === 'applied'),
    'nothing is put right before the workers were there',
  ).toEqual([]);
  await work();
  clock.advance(MINUTE_MS);
  await Promise.all([carryRepairs(recon), carryRepairs(recon), carryRepairs(recon)]);

  expect((await findings()).filter(({ state }) => state === 'applied')).toHaveLength(2);
  expect(
    await database.knex('audit_events').where({ command: 'reconcile apply', surface: 'job' }),
  ).toHaveLength(2);
  expect((await show('sofia@firm.com')).credits.balance).toBe(500);
  expect((await show('nora@firm.com')).credits.balance).toBe(100);
});

test('an open incident’s notes say that it ran, what it found and what was put right', async () => {
  const { id, approved, repair, database, clock, lucy, run } = await foundWorld();
  expect((await lucy('incident declare "webhooks are lost" --severity sev2 --yes')).code).toBe(0);
  await approved(`reconcile apply ${id} --kind paid_not_provisioned`);
  await repair();
  clock.advance(60 * MINUTE_MS);
  await run();
  const notes = await database.knex('incident_entries').where({ kind: 'reconciliation' }).orderBy('id');
  expect(notes.map(({ text }: { text: string }) => text)).toEqual([
    `Bo’s reconcile apply of ${id} ended: 2 differences put right.`,
    expect.stringMatching(/^The reconciliation rec_\w+ is done, with 0 differences\.$/),
  ]);
});

test('the file holds every finding with both sides, one a line', async () => {
  const { lucy, id } = await foundWorld();
  const csv = await lucy(`reconcile show ${id} --csv`);
  const lines = csv.out.trim().split('\r\n');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toContain('"finding","kind","subject","email"');
  expect(csv.out).toContain('"sofia@firm.com"');
  expect(
    (await lucy(`reconcile show ${id} --kind credits_missing --csv`)).out.trim().split('\r\n'),
  ).toHaveLength(3);
  expect((await lucy('reconcile show', staff('support'))).code).toBe(3);
});

test('a carrier that is killed before a look is written down is followed by another, and finds the same', async () => {
  const { recon, as, carry, found, clock, id } = await foundWorld();
  clock.advance(60 * MINUTE_MS);
  await as('bea', 'reconcile run --reason "again"');
  let reads = 0;
  const dying = {
    ...recon,
    stripe: {
      ...recon.stripe,
      listSubscriptions: (customer: string) => {
        reads += 1;
        return reads > 1 ? Promise.reject(new Error('killed')) : recon.stripe.listSubscriptions(customer);
      },
    },
  };
  await createCarrier(dying).carry();
  await carry();
  const kinds = async (run: string) => (await found(run)).map((row) => row.split(' ').slice(0, 2).join(' '));
  const latest = (await found()).length;
  expect(latest).toBe(8);
  expect(await kinds(id)).toHaveLength(4);
});
