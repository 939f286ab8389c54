import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // A channel in Slack for each incident: what is wanted stands here first, and is carried out with a lease.
  await knex.schema.createTable('incident_rooms', (table) => {
    table.text('incident_id').primary().references('incidents.id');
    // What it is to be called, and under which of these names it was last tried: a taken name gets a number.
    table.text('wanted_name').notNullable();
    table.integer('tries').notNullable().defaultTo(1);
    // Set before Slack is asked for a channel: if no answer came, it is looked for before another one is made.
    table.bigInteger('asked_at');
    table.text('channel');
    table.text('name');
    table.text('topic');
    // JSON: Slack member ids that were invited, or that cannot be.
    table.text('invited').notNullable().defaultTo('[]');
    // The ts of the card that was pinned.
    table.text('pinned_ts');
    table.bigInteger('archived_at');
    // JSON: what Slack refused for want of a right, by step; people are told of each once.
    table.text('refusals').notNullable().defaultTo('{}');
    // The version of the incident that the room shows, and when to look again whatever it is.
    table.integer('looked_version').notNullable().defaultTo(0);
    table.bigInteger('due_at');
    table.bigInteger('not_before').notNullable().defaultTo(0);
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('lease_token');
    table.bigInteger('lease_until');
    table.unique(['channel']);
  });
  await knex.schema.alterTable('incidents', (table) => {
    // How often it was asked, in the room, how bad it is and who leads.
    table.integer('severity_asks').notNullable().defaultTo(0);
    table.integer('commander_asks').notNullable().defaultTo(0);
  });
  // In the thread of a card, nobody need say what the card is about.
  await knex.raw('create index cards_message on cards (channel, ts)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index cards_message');
  for (const name of ['severity_asks', 'commander_asks'])
    await knex.raw(`alter table incidents drop column ${name}`);
  await knex.schema.dropTable('incident_rooms');
}
