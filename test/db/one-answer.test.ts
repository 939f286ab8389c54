import { expect, test } from 'vitest';
import { insertStripeEffect, type StripeEffectKind, type StripeEffectRow } from '#db/stripe-effects.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

function answer(run: string, kind: StripeEffectKind): StripeEffectRow {
  return {
    id: `eff_${run}`,
    run_id: run,
    seq: 1,
    kind,
    state: 'queued',
    target_id: 'du_1',
    params: '{}',
    cause: '{}',
    generation: 1,
    server_errors: 0,
    object_id: null,
    stripe_status: null,
    stripe_reason: null,
    attempts: 0,
    troubles: 0,
    next_attempt_at: 1,
    resend_at: null,
    wakes: 0,
    lease_token: null,
    lease_until: null,
    last_error: null,
    failure: null,
    customer_id: null,
    stripe_customer_id: null,
    correlation_id: 'cor_1',
    created_at: 1,
    first_sent_at: null,
    sent_at: null,
    confirmed_at: null,
    ended_at: null,
    escalated_at: null,
  };
}

/** Whatever the program believes. */
test('a dispute has one answer on its way at a time, and another only when that one failed', async () => {
  const { database } = await freshDatabase();
  const sql = database.knex;
  await insertStripeEffect(sql, answer('run_1', 'close_dispute'));

  await expect(insertStripeEffect(sql, answer('run_2', 'submit_evidence'))).rejects.toThrow();
  await expect(insertStripeEffect(sql, answer('run_3', 'close_dispute'))).rejects.toThrow();
  await sql('stripe_effects').where({ run_id: 'run_1' }).update({ state: 'failed' });
  await insertStripeEffect(sql, answer('run_2', 'submit_evidence'));

  expect(await sql('stripe_effects').orderBy('id').pluck('kind')).toEqual([
    'close_dispute',
    'submit_evidence',
  ]);
});

test('what Lucy has no name for cannot be queued', async () => {
  const { database } = await freshDatabase();

  await expect(
    insertStripeEffect(database.knex, answer('run_1', 'send_money' as StripeEffectKind)),
  ).rejects.toThrow();
});
