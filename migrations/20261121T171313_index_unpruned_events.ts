import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Events with their payload that have ended, as db/stripe-event-retention.ts says it: also those that ended late.
  await knex.raw(
    `create index stripe_events_unpruned on stripe_events (received_at)
     where pruned_at is null and status not in ('received', 'waiting', 'failed', 'dead')`,
  );
  await knex('installation').where({ name: 'events_pruned' }).delete();
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index stripe_events_unpruned');
}
