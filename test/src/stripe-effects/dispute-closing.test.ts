import { expect, test } from 'vitest';
import { answersPosted, closingOf, disputed } from '#test/world/dispute-effects.ts';
import { dieAt, effectsWorld, minutes, refundOf, seconds } from '#test/world/effects-world.ts';

const CLOSE = /\/close$/;
const closings = (posted: string[]) => posted.filter((line) => line.includes('/close'));

test('an accepted dispute is closed once, and done when Stripe shows it lost', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);

  const run = await world.approve(closingOf(dispute));
  await world.work();
  await world.wait(minutes(1));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(dispute.status).toBe('lost');
  expect(answersPosted(world)).toEqual([`disputes/${dispute.id}/close 200 lucy:${run}:1:1`]);
});

test('a close whose answer was lost is looked for, and not sent again', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  world.stripe.faults.add({ kind: 'apply_then_timeout', method: 'POST', path: CLOSE });

  const run = await world.approve(closingOf(dispute));
  await world.wait(minutes(10));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(closings(answersPosted(world))).toHaveLength(1);
});

test('a saved 500 is got past with a new key, once it is seen that nothing happened', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  world.stripe.faults.add({ kind: 'saved_500', method: 'POST', path: CLOSE });

  const run = await world.approve(closingOf(dispute));
  await world.wait(minutes(30));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(answersPosted(world).at(-1)).toBe(`disputes/${dispute.id}/close 200 lucy:${run}:1:2`);
});

test.each([
  'effect claimed',
  'effect looked at',
  'effect marked as being sent',
  'effect taken by Stripe',
  'effect about to commit',
] as const)('killed at “%s”, it is closed exactly once all the same', async (point) => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  const run = await world.approve(closingOf(dispute));

  expect(await dieAt(world.deps, point)).toBe(true);
  await world.wait(minutes(15));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(closings(answersPosted(world)).filter((line) => line.includes(' 200 '))).toHaveLength(1);
});

test('two workers close it once', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  const run = await world.approve(closingOf(dispute));

  await Promise.all([world.work(), world.work()]);
  await world.wait(minutes(5));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(closings(answersPosted(world))).toHaveLength(1);
});

test.each([
  ['evidence went to the bank', 'with the bank already', (w: World, id: string) => w.answerDispute(id, {})],
  ['it was won', 'won already', (w: World, id: string) => w.closeDispute(id, 'won')],
  ['the bank prevented it', 'over already', (w: World, id: string) => w.closeDispute(id, 'prevented')],
])('when %s meanwhile, nothing is sent', async (_what, said, meanwhile) => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  const run = await world.approve(closingOf(dispute));
  meanwhile(world.stripe.world, dispute.id);

  await world.work();

  const [effect] = await world.effects(run);
  expect(effect).toMatchObject({ state: 'failed', failure: expect.stringContaining(said) });
  expect(answersPosted(world)).toEqual([]);
});

test('a refund that was made meanwhile bars it: both would pay twice', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  const run = await world.approve(closingOf(dispute));
  world.stripe.world.refund(dispute.charge, 1_000);

  await world.work();

  const [effect] = await world.effects(run);
  expect(effect?.failure).toContain('pays twice');
  expect(answersPosted(world)).toEqual([]);
});

test('the end of the subscription is left out when the dispute could not be closed', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  const subscriptionId = world.stripe.world.tables.subscriptions.of(world.customer)[0]?.id ?? '';
  const run = await world.approve(closingOf(dispute), {
    kind: 'cancel_subscription',
    subscriptionId,
    at: 'now',
  });
  world.stripe.world.closeDispute(dispute.id, 'won');

  await world.work();

  expect(await world.states(run)).toEqual(['failed', 'skipped']);
});

test('the refund of an inquiry goes out once; of one that turned formal it does not', async () => {
  const world = await effectsWorld();
  const calm = disputed(world, { inquiry: true });
  const turned = disputed(world, { inquiry: true });
  const first = await world.approve(refundOf(calm.charge, { disputeId: calm.id }));
  const second = await world.approve(refundOf(turned.charge, { disputeId: turned.id }));
  world.stripe.world.escalateInquiry(turned.id);

  await world.work();
  await world.wait(seconds(30));

  expect(await world.states(first)).toEqual(['confirmed']);
  const [effect] = await world.effects(second);
  expect(effect).toMatchObject({
    state: 'failed',
    failure: expect.stringContaining('turned into a formal dispute'),
  });
  expect(world.refundsOf(turned.charge)).toEqual([]);
  expect(world.posts()).toHaveLength(1);
});

type World = Awaited<ReturnType<typeof effectsWorld>>['stripe']['world'];
