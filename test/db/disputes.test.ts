import { expect, test } from 'vitest';
import { findDispute, recordDecision, upsertDispute, withdrawDecision } from '#db/disputes.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

const facts = {
  id: 'dp_1',
  mode: 'test',
  stripe_customer_id: 'cus_1',
  customer_id: null,
  payment_id: null,
  charge_id: 'ch_1',
  payment_intent_id: null,
  amount: 4_900,
  currency: 'usd',
  reason: 'fraudulent',
  status: 'needs_response',
  phase: 'dispute' as const,
  due_by: 9,
  is_charge_refundable: 0,
  has_evidence: 0,
  submission_count: 0,
  network: null,
  case_type: null,
  network_reason_code: null,
  lost_amount: 0,
  opened_at: 1,
  closed_at: null,
  fetched_at: 2,
};

test('of several decisions at once exactly one stands, and what Stripe says later leaves it alone', async () => {
  const { database } = await freshDatabase();
  const sql = database.knex;
  await upsertDispute(sql, facts);
  const by = (decision: 'accept' | 'contest', runId: string) => ({ decision, runId, actor: 'bea', now: 5 });
  const won = await Promise.all([
    recordDecision(sql, 'dp_1', by('accept', 'run_1')),
    recordDecision(sql, 'dp_1', by('contest', 'run_2')),
    recordDecision(sql, 'dp_1', by('accept', 'run_3')),
  ]);
  expect(won.filter(Boolean)).toHaveLength(1);
  const { decision, decided_run: run } = (await findDispute(sql, 'dp_1')) ?? {};
  expect(await recordDecision(sql, 'dp_1', by(decision as 'accept', run ?? ''))).toBe(true);

  await upsertDispute(sql, { ...facts, status: 'under_review', fetched_at: 6 });
  expect(await findDispute(sql, 'dp_1')).toMatchObject({
    status: 'under_review',
    decision,
    decided_run: run,
  });

  await withdrawDecision(sql, 'dp_1', 'run_other');
  expect((await findDispute(sql, 'dp_1'))?.decision).toBe(decision);
  await withdrawDecision(sql, 'dp_1', run ?? '');
  expect(await recordDecision(sql, 'dp_1', by('contest', 'run_4'))).toBe(true);
});

test('half a decision is not written', async () => {
  const { database } = await freshDatabase();
  await upsertDispute(database.knex, facts);

  await expect(database.knex('disputes').update({ decision: 'accept' })).rejects.toThrow();
  await expect(database.knex('disputes').update({ phase: 'argument' })).rejects.toThrow();
});
