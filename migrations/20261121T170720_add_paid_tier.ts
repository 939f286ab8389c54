import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What the subscriptions give, beneath an override or a manual subscription: what an unmapped price must not lower.
  await knex.schema.alterTable('entitlements', (table) => {
    table.text('paid_tier');
  });
  await knex.raw(`
    update entitlements set paid_tier = case when source in ('subscription', 'default') then tier else (
      select c.to_tier from entitlement_changes as c
      where c.customer_id = entitlements.customer_id and c.source in ('subscription', 'default')
      order by c.version desc limit 1) end`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('entitlements', (table) => {
    table.dropColumn('paid_tier');
  });
}
