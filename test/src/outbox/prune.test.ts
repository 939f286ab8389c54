import { expect, test } from 'vitest';
import type { Sql } from '#db/connection.ts';
import { insertEvidenceOrder } from '#db/evidence-orders.ts';
import { lowestId } from '#src/core/ids.ts';
import { createMessagePruner } from '#src/outbox/prune.ts';
import { dunningWorld } from '#test/world/dunning-world.ts';
import { slackWorld } from '#test/world/slack-world.ts';
import { told } from '#test/world/told.ts';

const DAY_MS = 86_400_000;

/** Ids say when a row was made; those of a test that another before it sent into the future do not. */
async function datedIds(sql: Sql, table: 'outbox' | 'mails', prefix: 'out' | 'mail'): Promise<void> {
  const rows = await sql(table).orderBy('id').select('id', 'created_at');
  for (const [index, { id, created_at }] of rows.entries())
    await sql(table)
      .where({ id })
      .update({ id: `${lowestId(prefix, created_at)}${String(index).padStart(16, '0')}` });
}

test('old messages go a part at a time; what waits, tells of a customer or may be found again stays', async () => {
  const world = await slackWorld();
  const { database, clock } = world;
  const prune = createMessagePruner({ ...world.runner });
  const pruneAll = async () => {
    for (let parts = 0; (await prune()) > 0; parts++) if (parts > 20) throw new Error('it never ends');
  };
  for (let count = 0; count < 250; count++) await told(world, `old-${count}`);
  await database.knex('outbox').update({ state: 'sent' });
  await told(world, 'waits');
  await told(world, 'again');
  await database
    .knex('outbox')
    .where({ correlation_id: 'cor_again' })
    .update({ state: 'sent', dedupe_key: 'no_more_tries:in_1' });
  const about = async (email: string) => {
    await world.given(`customer add ${email} --name Customer`);
    await world.given(`tier set ${email} starter --until 7d --ticket ZD-1`);
    const [audit] = await database.knex('audit_events').where({ command: 'tier set' }).orderBy('id', 'desc');
    await of(audit.correlation_id).update({ state: 'sent' });
    expect(await of(audit.correlation_id)).not.toEqual([]);
    return audit;
  };
  const of = (correlationId: string) => database.knex('outbox').where({ correlation_id: correlationId });
  const sofia = await about('sofia@firm.com');
  clock.advance(1_000);
  const held = await about('office@manual.example');
  await insertEvidenceOrder(database.knex, {
    ...{ id: 'evo_1', customer_id: held.customer_id, dispute_id: null, cause: 'fraud', actor: 'U1' },
    ...{ actor_name: 'Bea', reason: null, correlation_id: 'cor_1', created_at: clock.now(), done_at: null },
  });
  const left = async () => [
    (await database.knex('outbox').where('correlation_id', 'like', 'cor_old%')).length,
    ...(await Promise.all(
      ['cor_waits', 'cor_again', sofia.correlation_id, held.correlation_id].map(
        async (id) => (await of(id)).length > 0,
      ),
    )),
  ];

  await datedIds(database.knex, 'outbox', 'out');
  clock.advance(89 * DAY_MS);
  await pruneAll();
  expect(await left()).toEqual([250, true, true, true, true]);
  clock.advance(2 * DAY_MS);
  expect(await prune()).toBe(100);
  await pruneAll();
  expect(await left()).toEqual([0, true, true, true, true]);
  clock.advance(310 * DAY_MS);
  await pruneAll();
  expect(await left()).toEqual([0, true, true, false, true]);
});

test('mails go when no dispute can ask for them any more, and never while their grace is open', async () => {
  const world = await dunningWorld();
  const { database, clock } = world;
  const prune = createMessagePruner({ ...world.mails, settings: world.mails.settings });
  const states = () => database.knex('mails').pluck('state');
  await world.fails();
  await database.knex('mails').update({ state: 'sent', ended_at: clock.now() });
  await datedIds(database.knex, 'mails', 'mail');
  clock.advance(401 * DAY_MS);
  await prune();
  expect(await states()).toEqual(['sent']);
  await database.knex('grace_periods').update({ state: 'recovered', closed_at: clock.now() });
  await prune();
  expect(await states()).toEqual([]);
});
