import { expect, test } from 'vitest';
import { putMaintenance } from '#db/maintenance.ts';
import { carryBatches } from '#src/batches/carry-batch.ts';
import { systemClock } from '#src/core/clock.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { proveLedger } from '#src/credits/prove.ts';
import { terminalActor } from '#src/policy/people.ts';
import { approve } from '#src/runner/answer-approval.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { addCustomers, importWorld, manyEmails } from '#test/world/import-world.ts';
import { runProgram } from '#test/world/run-program.ts';
import { testCause } from '#test/world/test-cause.ts';

const why = '--reason "outage in May" --ticket ZD-900';

/** Every import needs Bea, so that the terminal leaves it to the workers. */
const settings = settingsSchema.parse({
  people: {
    sam: { name: 'Sam', terminal: 'sam', roles: ['support'] },
    bea: { name: 'Bea', terminal: 'bea', roles: ['billing'] },
  },
  policy: { 'credits import': { steps: [{ approvers: { role: 'billing' } }] } },
  approvals: { dwell: '0s' },
});
const sam = terminalActor(settings, 'sam');
const bea = terminalActor(settings, 'bea');

/** An import of so many lines, approved by Bea and not begun. */
async function approvedImport(count: number) {
  const world = await importWorld({ settings });
  const emails = manyEmails(count);
  await addCustomers(world, emails);
  const path = await world.file(
    'many.csv',
    `email,credits\n${emails.map((email) => `${email},10\n`).join('')}`,
  );
  const asked = await world.lucy(`credits import ${path} ${why} --yes --json`, sam);
  expect(asked.code).toBe(4);
  const { approval, run } = asked.json<{ approval: string; run: string }>();
  const reply = await approve(world.runner, {
    approvalId: approval,
    seenBasis: null,
    actor: bea,
    surface: 'terminal',
    place: null,
  });
  return { ...world, run, approval, reply, emails };
}

async function eachOnce(world: Awaited<ReturnType<typeof approvedImport>>) {
  const { database, emails, run } = world;
  const entries = await database.knex('credit_entries').select('idempotency_key', 'balance_after');
  expect(entries).toHaveLength(emails.length);
  expect(new Set(entries.map((entry) => entry.idempotency_key)).size).toBe(emails.length);
  expect(entries.every((entry) => entry.balance_after === 10)).toBe(true);
  expect(await database.knex('batch_rows').whereNot({ state: 'applied' })).toEqual([]);
  expect(await database.knex('batches').first()).toMatchObject({ state: 'done', applied: emails.length });
  expect(await database.knex('runs').where({ id: run }).first()).toMatchObject({ state: 'done' });
  // One for the act, one for each line, one for the end.
  const audit = database.knex('audit_events').where({ command: 'credits import', run_id: run });
  expect(await audit).toHaveLength(emails.length + 2);
  await proveLedger(database.knex, testCause(world.clock.now()));
  expect(await database.knex('findings')).toEqual([]);
}

test('one approval is for all of it; the card goes from asked to done, and the requester is told', async () => {
  const world = await approvedImport(120);
  const { database, run } = world;
  expect(world.reply.title).toContain('has begun');
  expect(await database.knex('credit_entries')).toEqual([]);
  expect(await database.knex('runs').where({ id: run }).first()).toMatchObject({ state: 'carrying' });

  await world.work();

  await eachOnce(world);
  const entry = await database
    .knex('audit_events')
    .where({ run_id: run })
    .whereNotNull('customer_id')
    .first();
  expect(entry).toMatchObject({ actor_name: 'Sam', approval_id: world.approval });
  const card = await database.knex('outbox').whereLike('card_key', 'batch:%').orderBy('id', 'desc').first();
  expect(JSON.parse(card.payload).title).toBe('Sam’s credits import: 120 of 120 lines of many.csv imported.');
  const approval = await world.lucy(`approval show ${world.approval} --json`, bea);
  expect(approval.json()).toMatchObject({ runState: 'done' });
});

test('killed in the middle, again and again, each line is carried out once', async () => {
  const world = await approvedImport(230);
  for (const commits of ['1', '2']) {
    const killed = await runProgram('carry-batch', [world.url, commits]);
    expect(killed.signal).toBe('SIGKILL');
    // Its lease runs out.
    await world.database.knex('batches').update({ lease_until: systemClock.now() - 1 });
  }
  expect(await world.database.knex('credit_entries')).toHaveLength(150);

  const last = await runProgram('carry-batch', [world.url]);

  expect(last.out).toContain('2 commits');
  await eachOnce(world);
}, 60_000);

test('two workers share it out, and each line is carried out once', async () => {
  const world = await approvedImport(400);

  const ends = await Promise.all([
    runProgram('carry-batch', [world.url]),
    runProgram('carry-batch', [world.url]),
    world.work(),
  ]);

  expect(ends.slice(0, 2).map((end) => end?.code)).toEqual([0, 0]);
  while ((await world.database.knex('batches').first()).state === 'running') await world.work();
  await eachOnce(world);
}, 60_000);

test('in maintenance no line is carried out, even by who has not noticed it, and afterwards all are, once', async () => {
  const world = await approvedImport(3);
  const { database, clock } = world;
  const now = clock.now();
  const row = { restore_id: 'rst_1', by_name: 'Olu', says: 'Olu restores it', started_at: now };
  await putMaintenance(database.knex, { ...row, until: now + 120_000, intake_closed_at: null });
  await carryBatches(world.deps);
  expect(await database.knex('credit_entries')).toEqual([]);
  expect(await database.knex('batch_rows').whereNot({ state: 'pending' })).toEqual([]);
  expect(await database.knex('batches').first()).toMatchObject({ state: 'running', lease_token: null });
  clock.advance(121_000);
  await world.work();
  await eachOnce(world);
});

test('a worker that lost its lease keeps nothing of what it did', async () => {
  const world = await approvedImport(60);
  let isTaken = false;

  await carryBatches({
    ...world.deps,
    async crashPoint(name) {
      if (name !== 'lines committed' || isTaken) return;
      isTaken = true;
      // It slept so long that another worker took over, and has done nothing yet.
      const lease = { lease_token: 'lease_other', lease_until: world.clock.now() + 30_000 };
      await world.database.knex('batches').update(lease);
    },
  });

  expect(world.logs.filter((line) => line.event === 'batch_fenced')).toHaveLength(1);
  expect(await world.database.knex('credit_entries')).toHaveLength(50);
  world.clock.advance(31_000);
  await world.work();
  await eachOnce(world);
});

test('a line that cannot be carried out fails alone, with why, and the run is done with a warning', async () => {
  const world = await approvedImport(80);
  const { database } = world;
  // What no check can foresee: this account is broken.
  await database.knex('batch_rows').where({ line: 40 }).update({ input: '{"credits":-1}' });
  await database.knex('batch_rows').where({ line: 41 }).update({ input: '{"credits":1,"expiresAt":1}' });

  await world.work();

  expect(await database.knex('credit_entries')).toHaveLength(78);
  expect(await database.knex('batch_rows').where({ state: 'failed' }).orderBy('line')).toMatchObject([
    { line: 40, result: 'Something went wrong inside Lucy; nothing of this line was done.' },
    { line: 41, result: 'The day on which they lapse is past by now. Import it with a later day.' },
  ]);
  const shown = await world.lucy(`batch show ${world.run}`);
  expect(shown.out).toContain('78 of 80 lines of many.csv imported and 2 failed.');
  expect(world.logs.filter((line) => line.event === 'batch_line_failed')).toHaveLength(1);
  expect(JSON.parse((await database.knex('runs').where({ id: world.run }).first()).reply)).toMatchObject({
    tone: 'warning',
  });
});

test('interrupted at the terminal, it lets go at once, and goes on where a worker is', async () => {
  const world = await approvedImport(120);
  const { id } = await world.database.knex('batches').first('id');
  const interruption = new AbortController();
  const told: string[] = [];

  const reply = await world.runner.follow?.(
    `batch:${id}`,
    ({ words }) => {
      told.push(words);
      interruption.abort();
    },
    interruption.signal,
  );

  expect(told[0]).toBe('50 of 120 lines of many.csv so far');
  expect(reply).toMatchObject({
    tone: 'warning',
    title: 'Interrupted: 50 of 120 lines of many.csv so far. What is done stays done.',
  });
  expect(await world.database.knex('credit_entries')).toHaveLength(50);
  await world.work();
  await eachOnce(world);
});

/** Each line is a dozen statements, and on Postgres each of these is a way to the server and back. */
const many = testEngine === 'sqlite' ? 10_000 : 1_000;

test('thousands of lines are planned, approved and carried out in bounded time', async () => {
  const begun = performance.now();
  const world = await approvedImport(many);
  const planned = performance.now();

  await world.work();

  const carried = performance.now();
  expect(await world.database.knex('batches').first()).toMatchObject({ state: 'done', applied: many });
  expect(planned - begun).toBeLessThan(30_000);
  expect(carried - planned).toBeLessThan(120_000);
}, 180_000);
