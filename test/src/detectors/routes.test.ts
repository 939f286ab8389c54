import { expect, test } from 'vitest';
import { addRejects } from '#db/webhook-rejects.ts';
import { watchSignatures } from '#src/event-recovery/watch-signatures.ts';
import { StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { detectorWorld, dropWrites, minutes, teamSettings, watching } from '#test/world/detector-world.ts';
import { events, stripeTruth } from '#test/world/stripe-truth.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

test('a change that the audit knows nothing of goes to DevOps', async () => {
  const world = await detectorWorld();
  const { truth, receive, drain, database } = world;
  const mend = await dropWrites(database, 'audit_events', 'insert');
  await receive(events.subscription('created', truth.subscribe(sofia.stripe, 'price_B')));
  await drain();
  await mend();
  await world.watch(2);

  expect(await world.told()).toEqual([
    '#devops: 1 entitlement change of sofia@firm.com cannot be followed: no correlation id, or none that the audit knows.',
  ]);
  world.clock.advance(minutes(25 * 60));
  await world.look();
  expect(await world.open()).toEqual([]);
});

test('a tier that is not what everything says goes to billing engineering, and heals when it is recomputed', async () => {
  const world = await detectorWorld();
  const { truth, receive, drain, database } = world;
  const mend = await dropWrites(database, 'entitlements', 'update');
  await receive(events.subscription('created', truth.subscribe(sofia.stripe, 'price_B')));
  await drain();
  await mend();
  await world.watch(6);

  expect(await world.told()).toEqual([
    '#billing-engineering: sofia@firm.com has tier free, though everything known says tier pro (sub_1).',
  ]);
  await database.knex('entitlement_changes').count();
  expect(await world.open()).toHaveLength(1);
});

test('the second portal link that Stripe refuses goes to Stripe support, and a good one ends it', async () => {
  const truth = stripeTruth(() => Date.UTC(2026, 10, 21, 9));
  const world = await terminalWorld({ settings: teamSettings, stripe: truth.gateway });
  await world.lucy('customer add sofia@firm.com --stripe cus_sofia --reason "new account" --yes');
  const { deps } = await billingWorld();
  const { look, told, open } = watching({
    ...world,
    deps: { ...deps, ...world.runner, stripe: truth.gateway },
  });
  await look();
  truth.onCall = (name) => {
    if (name === 'createPortalLink') throw new StripeSaidNo(null, 'This customer cannot be used.');
  };
  const ask = () => world.lucy('payment portal-link sofia@firm.com --ticket ZD-9');

  expect((await ask()).code).toBe(1);
  await look();
  expect(await told()).toEqual([]);
  world.clock.advance(1_000);
  await ask();
  await look();
  await look();
  expect(await told()).toEqual([
    '#stripe-tickets: The billing portal failed 2 times in a row for sofia@firm.com.',
  ]);
  const [row] = await world.database.knex('outbox').where({ target: '#stripe-tickets' });
  expect(JSON.parse(row.payload).buttons).toContainEqual({
    kind: 'command',
    label: 'Prepare the Stripe ticket',
    line: 'escalate stripe_support sofia@firm.com --about "Billing portal error"',
  });

  truth.onCall = () => {};
  world.clock.advance(1_000);
  expect((await ask()).code).toBe(0);
  await look();
  expect(await open()).toEqual([]);
});

test('a portal without settings is one trouble of everybody', async () => {
  const customers = [sofia, { email: 'office@pastdue.com', stripe: 'cus_pastdue' }];
  const truth = stripeTruth(() => Date.UTC(2026, 10, 21, 9));
  const world = await terminalWorld({ settings: teamSettings, stripe: truth.gateway });
  for (const { email, stripe } of customers)
    await world.lucy(`customer add ${email} --stripe ${stripe} --reason "new account" --yes`);
  const { deps } = await billingWorld();
  const { look, told } = watching({ ...world, deps: { ...deps, ...world.runner, stripe: truth.gateway } });
  truth.onCall = (name) => {
    if (name === 'createPortalLink')
      throw new StripeSaidNo(
        null,
        'No configuration provided and your default configuration has not been created.',
      );
  };
  for (const { email } of customers) await world.lucy(`payment portal-link ${email}`);
  await look();

  expect(await told()).toEqual([
    '#stripe-tickets: The billing portal failed 2 times in a row: it has no settings at Stripe.',
  ]);
});

test('refused signatures are diagnosed for on-call first, and go to a Stripe ticket when they go on', async () => {
  const world = await detectorWorld();
  const { deps, clock, database } = world;
  const refuse = () =>
    addRejects(database.knex, [
      { minuteAt: clock.now(), reason: 'bad_signature', count: 9, detail: 'No secret matches.' },
    ]);
  await refuse();
  await watchSignatures(deps);
  await world.look();
  expect(await world.told()).toEqual([]);
  expect(await world.messages('oncall')).toEqual([expect.stringContaining('The signing secret is wrong')]);

  for (let count = 0; count < 7; count++) {
    clock.advance(minutes(5));
    await refuse();
    await watchSignatures(deps);
    await world.look();
  }
  expect(await world.told()).toEqual([
    expect.stringMatching(
      /^#stripe-tickets: Webhooks are still being refused, 30 minutes after on-call was told/,
    ),
  ]);

  clock.advance(minutes(20));
  await watchSignatures(deps);
  await world.look();
  expect(await world.open()).toEqual([]);
});
