import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  // What an approved run wants done at Stripe, each exactly once: written down before it is sent.
  await knex.schema.createTable('stripe_effects', (table) => {
    table.text('id').primary();
    table.text('run_id').notNullable();
    // The order within the run.
    table.integer('seq').notNullable();
    table.text('kind').notNullable().checkIn(['refund', 'cancel_subscription']);
    table
      .text('state')
      .notNullable()
      .checkIn(['queued', 'sending', 'unknown', 'sent', 'confirmed', 'failed', 'skipped']);
    // The charge or the subscription that it acts on.
    table.text('target_id').notNullable();
    // JSON text, and so is why: who asked, who approved, and the reason.
    table.text('params').notNullable();
    table.text('cause').notNullable();
    // Of the idempotency key: a new one only when the former answers nothing but a kept error.
    table.integer('generation').notNullable().defaultTo(1);
    table.integer('server_errors').notNullable().defaultTo(0);
    // What Stripe made of it: `re_…`, and what Stripe says of it in its own words.
    table.text('object_id');
    table.text('stripe_status');
    table.text('stripe_reason');
    table.integer('attempts').notNullable().defaultTo(0);
    // Failures in a row, of sending or of looking, for the back-off.
    table.integer('troubles').notNullable().defaultTo(0);
    // Null when nothing more is to be looked at.
    table.bigInteger('next_attempt_at');
    // After an unknown outcome: not to be sent again before.
    table.bigInteger('resend_at');
    // Rises with each webhook about it, so that a look under way cannot overwrite the wish for another.
    table.integer('wakes').notNullable().defaultTo(0);
    table.text('lease_token');
    table.bigInteger('lease_until');
    table.text('last_error');
    // Why it failed or was skipped, as a sentence.
    table.text('failure');
    table.text('customer_id');
    table.text('stripe_customer_id');
    table.text('correlation_id').notNullable().index();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('first_sent_at');
    table.bigInteger('sent_at');
    table.bigInteger('confirmed_at');
    table.bigInteger('ended_at');
    table.bigInteger('escalated_at');
    table.unique(['run_id', 'seq']);
    table.index(['next_attempt_at']);
    table.index(['target_id']);
    table.index(['object_id']);
    table.index(['stripe_customer_id', 'ended_at']);
    table.check(
      "state not in ('sent', 'confirmed') or object_id is not null",
      [],
      'stripe_effects_seen_at_stripe',
    );
  });
  await (isSqlite(knex) ? guardOnSqlite(knex) : guardOnPostgres(knex));
}

/** Whatever the program believes: what ended stays ended, but for a refund that the bank sends back days later. */
async function guardOnSqlite(knex: Knex): Promise<void> {
  await knex.raw(`
    create trigger stripe_effects_inserted before insert on stripe_effects when new.state <> 'queued'
    begin select raise(abort, 'an effect on Stripe begins queued'); end`);
  await knex.raw(`
    create trigger stripe_effects_final before update on stripe_effects
    when old.state in ('confirmed', 'failed', 'skipped') and new.state <> old.state
      and not (old.kind = 'refund' and old.state = 'confirmed' and new.state = 'failed')
    begin select raise(abort, 'this effect on Stripe has ended'); end`);
  await knex.raw(`
    create trigger stripe_effects_same before update on stripe_effects
    when (old.object_id is not null and new.object_id is not old.object_id)
      or new.run_id <> old.run_id or new.seq <> old.seq or new.kind <> old.kind
      or new.target_id <> old.target_id or new.params <> old.params or new.cause <> old.cause
      or new.generation < old.generation
    begin select raise(abort, 'what was approved and what Stripe made of it cannot be rewritten'); end`);
  await knex.raw(`
    create trigger stripe_effects_no_delete before delete on stripe_effects
    begin select raise(abort, 'an effect on Stripe is never deleted'); end`);
}

async function guardOnPostgres(knex: Knex): Promise<void> {
  await knex.raw(`
    create function lucy_stripe_effect_guard() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        raise exception 'an effect on Stripe is never deleted' using errcode = 'restrict_violation';
      end if;
      if tg_op = 'INSERT' then
        if new.state <> 'queued' then
          raise exception 'an effect on Stripe begins queued' using errcode = 'restrict_violation';
        end if;
        return new;
      end if;
      if old.state in ('confirmed', 'failed', 'skipped') and new.state <> old.state
          and not (old.kind = 'refund' and old.state = 'confirmed' and new.state = 'failed') then
        raise exception 'this effect on Stripe has ended' using errcode = 'restrict_violation';
      end if;
      if (old.object_id is not null and new.object_id is distinct from old.object_id)
          or new.run_id <> old.run_id or new.seq <> old.seq or new.kind <> old.kind
          or new.target_id <> old.target_id or new.params <> old.params or new.cause <> old.cause
          or new.generation < old.generation then
        raise exception 'what was approved and what Stripe made of it cannot be rewritten'
          using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`);
  await knex.raw(`
    create trigger stripe_effects_guard before insert or update or delete on stripe_effects
    for each row execute function lucy_stripe_effect_guard()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('stripe_effects');
  if (!isSqlite(knex)) await knex.raw('drop function ??()', ['lucy_stripe_effect_guard']);
}
