import { expect, test } from 'vitest';
import { answersPosted, approveEvidence, disputed } from '#test/world/dispute-effects.ts';
import { dieAt, effectsWorld, minutes } from '#test/world/effects-world.ts';

const sent = (posted: string[]) => posted.filter((line) => line.startsWith('disputes/'));

test('evidence is uploaded and submitted once, and counts when Stripe shows it', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);

  const run = await approveEvidence(world, dispute);
  await world.work();
  await world.wait(minutes(1));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(dispute).toMatchObject({
    status: 'under_review',
    evidence: {
      product_description: 'Reports, made by AI',
      uncategorized_file: expect.stringMatching(/^file_/),
    },
    evidence_details: { submission_count: 1 },
  });
  expect(answersPosted(world)).toEqual([
    `files 200 lucy:${run}:1:1:file`,
    `disputes/${dispute.id} 200 lucy:${run}:1:1`,
  ]);
});

test.each([
  ['the upload', /\/v1\/files$/],
  ['the answer', /\/v1\/disputes\//],
])('when the reply to %s is lost, the bank is told once', async (_what, path) => {
  const world = await effectsWorld();
  const dispute = disputed(world, { inquiry: true });
  world.stripe.faults.add({ kind: 'apply_then_timeout', method: 'POST', path });

  const run = await approveEvidence(world, dispute);
  await world.wait(minutes(15));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(dispute.status).toBe('warning_under_review');
  expect(dispute.evidence_details.submission_count).toBe(1);
  expect(sent(answersPosted(world))).toHaveLength(1);
  expect(world.stripe.world.tables.files.size()).toBe(1);
});

test('a saved 500 is got past, and the bank is told once', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  world.stripe.faults.add({ kind: 'saved_500', method: 'POST', path: /\/v1\/disputes\// });

  const run = await approveEvidence(world, dispute);
  await world.wait(minutes(30));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(dispute.evidence_details.submission_count).toBe(1);
});

test.each([
  'effect claimed',
  'effect looked at',
  'effect marked as being sent',
  'effect taken by Stripe',
  'effect about to commit',
] as const)('killed at “%s”, the bank is told exactly once all the same', async (point) => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  const run = await approveEvidence(world, dispute);

  expect(await dieAt(world.deps, point)).toBe(true);
  await world.wait(minutes(15));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(dispute.evidence_details.submission_count).toBe(1);
});

test('two workers submit once', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  await approveEvidence(world, dispute);

  await Promise.all([world.work(), world.work()]);
  await world.wait(minutes(5));

  expect(dispute.evidence_details.submission_count).toBe(1);
});

test('what a colleague submitted in the dashboard is not taken for ours, and nothing is sent', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  const run = await approveEvidence(world, dispute);
  world.stripe.world.answerDispute(dispute.id, { uncategorized_text: 'by hand' });

  await world.work();

  const [effect] = await world.effects(run);
  expect(effect).toMatchObject({ state: 'failed', failure: expect.stringContaining('Somebody submitted') });
  expect(answersPosted(world)).toEqual([]);
});

test('what Stripe refuses is told, and nothing was submitted', async () => {
  const world = await effectsWorld();
  const dispute = disputed(world);
  const error = { type: 'invalid_request_error' as const, message: 'The file you uploaded was too long.' };
  world.stripe.faults.add({ kind: 'error', method: 'POST', path: '/v1/files', status: 400, error });

  const run = await approveEvidence(world, dispute);
  await world.work();

  const [effect] = await world.effects(run);
  expect(effect).toMatchObject({
    state: 'failed',
    failure: expect.stringContaining('nothing was submitted: The file you uploaded was too long.'),
  });
  expect(dispute.evidence_details.submission_count).toBe(0);
});
