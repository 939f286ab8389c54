import { expect, test } from 'vitest';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import { describeEffect, effectsOfRun } from '#src/stripe-effects/describe-effect.ts';
import { effectsWorld, hours, minutes, refundOf, seconds } from '#test/world/effects-world.ts';

test('an approved refund is sent once, waits for Stripe’s confirmation, and is done when Stripe says so', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const run = await world.approve(refundOf(charge));

  await world.work();
  const [sent] = await effectsOfRun(world.database.knex, run);
  expect(sent && describeEffect(sent)).toMatch(
    /^Sent to Stripe as re_\w+: the refund of \$49\.00 of ch_\w+; waiting for Stripe’s confirmation since 2026-11-21 09:00 UTC\.$/,
  );
  await world.wait(seconds(6));

  const [done] = await world.effects(run);
  expect(done && describeEffect(done)).toMatch(
    /^Stripe confirmed the refund re_\w+ at 2026-11-21 09:00 UTC\.$/,
  );
  expect(world.refundsOf(charge)).toMatchObject([{ amount: 4_900, status: 'succeeded' }]);
  expect(world.posts()).toEqual([{ key: `lucy:${run}:1:1`, status: 200 }]);
  expect(world.stripe.world.tables.refunds.of(charge)[0]).toMatchObject({
    reason: 'requested_by_customer',
    metadata: { lucy_effect: done?.id, lucy_run: run },
  });
  expect(world.seen).toEqual(['queued → sending', 'sending → sent', 'sent → confirmed']);
});

test('what money did stands in the audit with who asked, who approved, why, and one correlation id', async () => {
  const world = await effectsWorld();
  const run = await world.approve(refundOf(world.pay()));
  await world.wait(seconds(6));

  const rows = await world.database.knex('audit_events').orderBy('id');
  expect(rows).toMatchObject([
    { command: 'stripe refund', actor_name: 'terminal:support', reason: 'charged twice', ticket: 'ZD-1' },
    { command: 'stripe refund', actor_name: 'Stripe', reason: 'charged twice', approval_id: 'apr_1' },
  ]);
  expect(rows.map((row) => JSON.parse(row.after).state)).toEqual(['sent', 'confirmed']);
  expect(JSON.parse(rows[0].approved_by)).toMatchObject([{ name: 'Bea' }]);
  expect(new Set(rows.map((row) => row.correlation_id)).size).toBe(1);
  expect(rows.every((row) => row.run_id === run)).toBe(true);
});

test('a 500 that Stripe keeps under the key is looked into, and a new key is used only when nothing is there', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'saved_500', method: 'POST', path: '/v1/refunds' });
  const run = await world.approve(refundOf(charge));

  await world.work();
  expect(await world.states(run)).toEqual(['unknown']);
  await world.wait(minutes(10));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.refundsOf(charge)).toHaveLength(1);
  expect(world.posts()).toEqual([
    { key: `lucy:${run}:1:1`, status: 500 },
    { key: `lucy:${run}:1:1`, status: 500 },
    { key: `lucy:${run}:1:2`, status: 200 },
  ]);
});

test('a passing 500 is answered by the same key, and by one refund', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'http_500', method: 'POST', path: '/v1/refunds' });
  const run = await world.approve(refundOf(charge));

  await world.wait(minutes(5));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.refundsOf(charge)).toHaveLength(1);
  expect(world.posts()).toEqual([
    { key: `lucy:${run}:1:1`, status: 500 },
    { key: `lucy:${run}:1:1`, status: 200 },
  ]);
});

test('a timeout after Stripe applied it is told as “checking”, and found within seconds', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'apply_then_timeout', method: 'POST', path: '/v1/refunds' });
  const run = await world.approve(refundOf(charge));

  await world.work();
  const [checking] = await world.effects(run);
  expect(checking && describeEffect(checking)).toMatch(
    /^Stripe gave no clear answer since 2026-11-21 09:00 UTC about the refund of \$49\.00 of ch_\w+\. Lucy is checking whether Stripe took it, and sends nothing twice\.$/,
  );
  await world.wait(seconds(10));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.posts()).toHaveLength(1);
  expect(world.refundsOf(charge)).toHaveLength(1);
});

test('a timeout before Stripe applied it is sent again under the same key, and not before it would have shown', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'timeout', method: 'POST', path: '/v1/refunds' });
  const run = await world.approve(refundOf(charge));

  await world.wait(seconds(89));
  expect(world.posts()).toHaveLength(1);
  expect(await world.states(run)).toEqual(['unknown']);
  await world.wait(minutes(2));

  expect(await world.states(run)).toEqual(['confirmed']);
  const key = `lucy:${run}:1:1`;
  expect(world.posts()).toEqual([
    { key, status: null },
    { key, status: 200 },
  ]);
  expect(world.refundsOf(charge)).toHaveLength(1);
});

test('a request that comes into force after Lucy looked for it is found, not repeated', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'apply_late', method: 'POST', path: '/v1/refunds', delayMs: 150 });
  const run = await world.approve(refundOf(charge));

  await world.wait(seconds(5));
  expect(await world.states(run)).toEqual(['unknown']);
  expect(world.refundsOf(charge)).toEqual([]);
  await expect.poll(() => world.refundsOf(charge)).toHaveLength(1);
  await world.wait(seconds(30));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.posts()).toHaveLength(1);
});

test('a request that outlasts even the time that Stripe allows it is not doubled, because the key is the same', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'apply_late', method: 'POST', path: '/v1/refunds', delayMs: 6_000 });
  const run = await world.approve(refundOf(charge, { amount: 2_000 }));

  await world.wait(minutes(3));
  const key = `lucy:${run}:1:1`;
  expect(world.posts()).toEqual([
    { key, status: null },
    { key, status: 409 },
  ]);
  expect(await world.states(run)).toEqual(['unknown']);
  await expect.poll(() => world.refundsOf(charge), { timeout: 15_000 }).toHaveLength(1);
  await world.wait(minutes(3));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.refundsOf(charge)).toMatchObject([{ amount: 2_000 }]);
});

test('while Stripe is down nothing is in doubt: it is sent when Stripe is back', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const run = await world.approve(refundOf(charge));
  world.stripe.faults.down(true);

  await world.wait(minutes(2));
  expect(await world.states(run)).toEqual(['queued']);
  world.stripe.faults.down(false);
  await world.wait(minutes(6));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.posts()).toHaveLength(1);
});

test('a 429 is turned away at the door, so it is tried again soon', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'rate_limited', method: 'POST', path: '/v1/refunds', times: 3 });
  const run = await world.approve(refundOf(charge));

  await world.work();
  expect(await world.states(run)).toEqual(['queued']);
  await world.wait(minutes(1));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(new Set(world.posts().map(({ key }) => key)).size).toBe(1);
  expect(world.refundsOf(charge)).toHaveLength(1);
});

test('Stripe’s wish to wait is kept', async () => {
  const world = await effectsWorld();
  let refusals = 1;
  const createRefund: StripeGateway['createRefund'] = async (refund) => {
    if (refusals-- > 0) throw new StripeAway('Too many requests', minutes(20), 'not_done');
    return world.deps.stripe.createRefund(refund);
  };
  const deps = { ...world.deps, stripe: { ...world.deps.stripe, createRefund } };
  const run = await world.approve(refundOf(world.pay()));

  await carryEffects(deps);
  await world.wait(minutes(19));
  expect(await world.states(run)).toEqual(['queued']);
  await world.wait(minutes(2));

  expect(await world.states(run)).toEqual(['confirmed']);
});

test('a day passes between two attempts and Stripe has forgotten the key: what was applied is found all the same', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  // Half of the charge: a second half would go through, were it sent again.
  const run = await world.approve(refundOf(charge, { amount: 2_000 }));
  world.stripe.faults.add({ kind: 'apply_then_timeout', method: 'POST', path: '/v1/refunds' });
  await world.work();
  world.clock.advance(hours(26));

  await world.wait(minutes(5));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.refundsOf(charge)).toMatchObject([{ amount: 2_000 }]);
  // The local Stripe has really forgotten: the same key makes another refund.
  const body = new URLSearchParams({ charge, amount: '2000' });
  const headers = { authorization: 'Bearer sk_test_x', 'idempotency-key': `lucy:${run}:1:1` };
  await fetch(`${world.stripe.url}/v1/refunds`, { method: 'POST', headers, body });
  expect(world.refundsOf(charge)).toHaveLength(2);
});

test('a refund that somebody made in the dashboard meanwhile: nothing is sent, and people are told why', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const run = await world.approve(refundOf(charge, { amount: 1_000 }));
  world.stripe.world.refund(charge, 1_500);

  await world.work();

  const [effect] = await world.effects(run);
  expect(effect && describeEffect(effect)).toBe(
    `Failed: Somebody refunded $15.00 of ${charge} at Stripe after this was approved, so Lucy sent nothing. Look at the payment again, and request anew what is still wanted.`,
  );
  expect(world.posts()).toEqual([]);
  expect(world.refundsOf(charge)).toHaveLength(1);
});

test('what the approvers saw refunded already is no surprise, a pending refund included', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.world.refund(charge, 1_500, { pending: true });
  world.stripe.world.refund(charge, 500, { fail: true });
  const run = await world.approve(refundOf(charge, { amount: 1_000, refundedBefore: 1_500 }));

  await world.wait(seconds(6));

  expect(await world.states(run)).toEqual(['confirmed']);
});

test('an earlier refund that failed after the approval is a changed world, too', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const earlier = world.stripe.world.refund(charge, 1_500, { pending: true });
  const run = await world.approve(refundOf(charge, { amount: 1_000, refundedBefore: 1_500 }));
  world.stripe.world.failRefund(earlier.id);

  await world.work();

  const [effect] = await world.effects(run);
  expect(effect?.failure).toContain('A refund of $15.00 of');
  expect(world.posts()).toEqual([]);
});

test('a refund in the dashboard while Lucy’s own is in doubt: hers is not repeated', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'timeout', method: 'POST', path: '/v1/refunds' });
  const run = await world.approve(refundOf(charge, { amount: 1_000 }));
  await world.work();
  world.stripe.world.refund(charge, 1_500);

  await world.wait(seconds(80));
  expect(await world.states(run)).toEqual(['unknown']);
  await world.wait(minutes(1));

  const [effect] = await world.effects(run);
  expect(effect?.failure).toContain('and Lucy’s own request did not go through, so she did not repeat it');
  expect(world.posts()).toHaveLength(1);
});

test('a charge that was disputed meanwhile is refused by Stripe, and explained', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const run = await world.approve(refundOf(charge));
  world.stripe.world.openDispute(charge);

  await world.wait(minutes(5));

  const [effect] = await world.effects(run);
  expect(effect && describeEffect(effect)).toBe(
    `Failed: Stripe refused: ${charge} is disputed, and a disputed payment cannot be refunded. Accept it (dispute accept ${charge}) or contest it (dispute contest ${charge}).`,
  );
  expect(world.posts()).toHaveLength(1);
  expect(world.refundsOf(charge)).toEqual([]);
});

test('a charge that Stripe does not know, and one refunded between the look and the send, are explained', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const none = await world.approve(refundOf('ch_none'));
  const stop = world.stripe.onRequest(({ method, path, params }) => {
    if (method === 'POST' && path === '/v1/refunds' && params.charge === charge) {
      stop();
      world.stripe.world.refund(charge);
    }
  });
  const late = await world.approve(refundOf(charge));

  await world.work();

  expect((await world.effects(none))[0]?.failure).toContain('it knows no charge ch_none. Check the id');
  expect((await world.effects(late))[0]?.failure).toContain('is refunded in full already');
  expect(world.refundsOf(charge)).toHaveLength(1);
});

test('a refusal because an earlier attempt went through after all is no failure', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'timeout', method: 'POST', path: '/v1/refunds' });
  const run = await world.approve(refundOf(charge));
  await world.work();
  const metadata = { lucy_effect: (await world.effects(run))[0]?.id ?? '', lucy_run: run };
  const stop = world.stripe.onRequest(({ method, path }) => {
    if (method !== 'POST' || path !== '/v1/refunds') return;
    stop();
    world.stripe.world.refund(charge, 4_900, { metadata });
  });

  await world.wait(minutes(5));

  expect(world.posts().map(({ status }) => status)).toEqual([null, 400]);
  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.refundsOf(charge)).toHaveLength(1);
});

test('a key that may not refund is told at once, and the refund goes out when somebody has mended it', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const error = {
    type: 'invalid_request_error' as const,
    message: 'The provided key does not have the required permissions.',
  };
  world.stripe.faults.add({ kind: 'error', status: 403, error, method: 'POST', times: 2 });
  const run = await world.approve(refundOf(charge));

  await world.work();
  expect(await world.states(run)).toEqual(['queued']);
  expect(await world.told()).toEqual([
    `It was approved and could not be sent to Stripe yet: the refund of $49.00 of ${charge} for sofia@firm.com. Stripe said last: The provided key does not have the required permissions.`,
  ]);
  await world.wait(minutes(2));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(await world.told()).toHaveLength(1);
  expect(await world.database.knex('findings').where({ kind: 'effect_unconfirmed' })).toMatchObject([
    { state: 'closed' },
  ]);
});
