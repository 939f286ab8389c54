import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('incidents', (table) => {
    table.text('id').primary();
    // What people say: INC-7.
    table.integer('number').notNullable().unique();
    table.text('title').notNullable();
    table.text('severity').checkIn(['sev1', 'sev2', 'sev3']);
    table.text('state').notNullable().checkIn(['investigating', 'identified', 'monitoring', 'resolved']);
    table.text('commander');
    table.text('commander_name');
    table.text('declared_by').notNullable();
    table.text('declared_name').notNullable();
    table.bigInteger('declared_at').notNullable();
    table.bigInteger('resolved_at');
    // Nothing of a private one is ever published, and so no update is owed.
    table.bigInteger('private_at');
    // What customers read as its name; the title until the first update says otherwise.
    table.text('public_title');
    // JSON: component id -> how much of it is out of order, as the last published update says.
    table.text('impacts').notNullable().defaultTo('{}');
    // The clock of the next update for customers: since when it runs, and how far it went.
    table.bigInteger('clock_at').notNullable();
    table.text('clock_stage').notNullable().defaultTo('none').checkIn(['none', 'draft', 'nag', 'page']);
    table.integer('pages').notNullable().defaultTo(0);
    table.text('correlation_id').notNullable();
    // Rises with every change, so that an older picture never overwrites a newer one.
    table.integer('version').notNullable().defaultTo(1);
    table.index(['state', 'declared_at']);
    table.check("(state = 'resolved') = (resolved_at is not null)", [], 'incidents_resolved_when');
  });

  // The timeline: what people noted, and what Lucy did meanwhile.
  await knex.schema.createTable('incident_entries', (table) => {
    table.text('id').primary();
    table.text('incident_id').notNullable().references('incidents.id');
    table.text('kind').notNullable();
    table.text('text').notNullable();
    // A command line that shows more, such as `reconcile show rec_…`.
    table.text('line');
    // The same thing is written down once, however often it is reported.
    table.text('dedupe_key');
    table.text('actor').notNullable();
    table.text('actor_name').notNullable();
    table.text('correlation_id').notNullable();
    table.bigInteger('at').notNullable();
    table.unique(['incident_id', 'dedupe_key']);
    table.index(['incident_id', 'at']);
  });
  await makeAppendOnly(knex, 'incident_entries');

  // What customers were told, word for word, and whether in time.
  await knex.schema.createTable('incident_updates', (table) => {
    table.text('id').primary();
    table.text('incident_id').notNullable().references('incidents.id');
    table.text('state').notNullable().checkIn(['investigating', 'identified', 'monitoring', 'resolved']);
    table.text('body').notNullable();
    table.text('impacts').notNullable();
    table.bigInteger('due_at').notNullable();
    table.bigInteger('published_at').notNullable();
    table.text('author').notNullable();
    table.text('author_name').notNullable();
    table.text('correlation_id').notNullable();
    table.index(['incident_id', 'published_at']);
    table.index(['published_at']);
  });
  await makeAppendOnly(knex, 'incident_updates');
  // So that no customer is named to the others, however many there are.
  await knex.raw('create index customers_lower_name on customers (lower(name))');
}

async function makeAppendOnly(knex: Knex, name: string): Promise<void> {
  if (isSqlite(knex)) {
    for (const act of ['update', 'delete']) {
      await knex.raw(`
        create trigger ${name}_no_${act} before ${act} on ${name}
        begin select raise(abort, '${name} is append-only'); end`);
    }
    return;
  }
  await knex.raw(`
    create trigger ${name}_append_only before update or delete or truncate on ${name}
    for each statement execute function lucy_append_only()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index customers_lower_name');
  for (const name of ['incident_updates', 'incident_entries', 'incidents']) await knex.schema.dropTable(name);
}
