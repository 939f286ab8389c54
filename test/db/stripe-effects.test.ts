import { expect, test } from 'vitest';
import type { Sql } from '#db/connection.ts';
import { insertStripeEffect, type StripeEffectRow } from '#db/stripe-effects.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

const queued: StripeEffectRow = {
  id: 'eff_1',
  run_id: 'run_1',
  seq: 1,
  kind: 'refund',
  state: 'queued',
  target_id: 'ch_1',
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

async function effect(patch: Partial<StripeEffectRow> = {}): Promise<Sql> {
  const { database } = await freshDatabase();
  await insertStripeEffect(database.knex, { ...queued, ...patch });
  return database.knex;
}

function change(sql: Sql, patch: Partial<StripeEffectRow>): Promise<unknown> {
  return sql('stripe_effects').where({ id: 'eff_1' }).update(patch);
}

/** Whatever the program does, and whoever sits at a database prompt: these are refused by the database itself. */
test.each(['confirmed', 'failed', 'skipped'] as const)('%s stays what it is', async (state) => {
  const sql = await effect({ kind: 'cancel_subscription' });
  await change(sql, { state, object_id: 'sub_1' });

  for (const later of ['queued', 'sending', 'unknown', 'sent'] as const)
    await expect(change(sql, { state: later })).rejects.toThrow('this effect on Stripe has ended');
  await expect(change(sql, { state: state === 'failed' ? 'skipped' : 'failed' })).rejects.toThrow(
    'has ended',
  );
});

test('only a refund that was confirmed may fail later, at the customer’s bank', async () => {
  const sql = await effect();
  await change(sql, { state: 'confirmed', object_id: 're_1' });

  await change(sql, { state: 'failed' });

  await expect(change(sql, { state: 'confirmed' })).rejects.toThrow('has ended');
});

test('nothing is called sent or confirmed before Stripe gave it an id, and that id stays', async () => {
  const sql = await effect();

  await expect(change(sql, { state: 'sent' })).rejects.toThrow();
  await expect(change(sql, { state: 'confirmed' })).rejects.toThrow();
  await change(sql, { state: 'sent', object_id: 're_1' });

  await expect(change(sql, { object_id: 're_2' })).rejects.toThrow('cannot be rewritten');
  await expect(change(sql, { object_id: null })).rejects.toThrow();
});

test('what was approved is not rewritten, not deleted, not queued twice, and begins queued', async () => {
  const sql = await effect();

  for (const patch of [
    { params: '{"amount":1}' },
    { cause: '{"reason":"another"}' },
    { target_id: 'ch_2' },
    { run_id: 'run_2' },
    { generation: 0 },
  ])
    await expect(change(sql, patch)).rejects.toThrow('cannot be rewritten');
  await expect(sql('stripe_effects').delete()).rejects.toThrow('never deleted');
  await expect(insertStripeEffect(sql, { ...queued, id: 'eff_2' })).rejects.toThrow();
  const sent = { ...queued, id: 'eff_3', seq: 2, state: 'sent' as const, object_id: 're_3' };
  await expect(insertStripeEffect(sql, sent)).rejects.toThrow('begins queued');
});
