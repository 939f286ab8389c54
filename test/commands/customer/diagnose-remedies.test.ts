import { expect, test } from 'vitest';
import { customerDiagnose } from '#commands/customer/diagnose.ts';
import { upsertDispute } from '#db/disputes.ts';
import { startRun } from '#src/runner/start-run.ts';
import { sofia } from '#test/world/billing-world.ts';
import { type DiagnosisWorld, diagnosisWorld } from '#test/world/diagnosis-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { staff } from '#test/world/terminal-world.ts';

const line = 'customer diagnose sofia@firm.com';
const request = { command: customerDiagnose, raw: { email: sofia.email }, key: null, correlationId: 'cor_1' };

test('a grace as it should be is not told as a wrong tier, and offers what helps instead of an escalation', async () => {
  const world = await diagnosisWorld();
  world.truth.payInvoice('sub_1', { status: 'open', paidAt: null });
  const subscription = world.truth.subscriptions.get('sub_1');
  if (!subscription) throw new Error('Sofia has no subscription');
  subscription.status = 'past_due';
  await world.receive(events.subscription('updated', subscription));
  await world.drain();

  const { why } = await world.diagnose();
  const { out } = await world.lucy(line);
  const { reply } = await startRun(world.runner, { ...request, surface: 'slack', actor: staff('support') });

  expect(why).toMatch(/last change full → grace at /);
  expect(out).toContain('sofia@firm.com: Payment failed, in grace.');
  expect(out).not.toContain('If that does not mend it');
  expect(reply.buttons?.flatMap((button) => (button.kind === 'command' ? button.line : []))).toEqual([
    'payment portal-link sofia@firm.com',
    'payment grace sofia@firm.com',
    'payment show sofia@firm.com',
    'customer show sofia@firm.com',
    'customer timeline sofia@firm.com',
  ]);
});

test('what the reader may not do is no button, and says for whom it is', async () => {
  const world = await diagnosisWorld();
  await openDispute(world);
  const labelsFor = async (role: 'support' | 'billing') => {
    const { reply } = await startRun(world.runner, { ...request, surface: 'slack', actor: staff(role) });
    return reply.buttons?.map(({ label }) => label);
  };

  expect(await labelsFor('billing')).toEqual(['Show the dispute', 'Show customer', 'Timeline']);
  expect(await labelsFor('support')).toEqual(['Show customer', 'Timeline']);
  const { out } = await world.lucy(line, staff('support'));
  expect(out).toMatch(/dispute show \S+ +\(for .*billing.*\)/);
});

async function openDispute({ database, clock }: DiagnosisWorld): Promise<void> {
  const customer = await database.knex('customers').where({ email: sofia.email }).first();
  await upsertDispute(database.knex, {
    id: 'du_1',
    mode: 'test',
    stripe_customer_id: sofia.stripe,
    customer_id: customer.id,
    payment_id: null,
    charge_id: 'ch_1',
    payment_intent_id: null,
    amount: 4_900,
    currency: 'usd',
    reason: 'fraudulent',
    status: 'needs_response',
    phase: 'dispute',
    due_by: clock.now() + 86_400_000,
    is_charge_refundable: 0,
    has_evidence: 0,
    submission_count: 0,
    network: null,
    case_type: null,
    network_reason_code: null,
    lost_amount: 0,
    opened_at: clock.now(),
    closed_at: null,
    fetched_at: clock.now(),
  });
}
