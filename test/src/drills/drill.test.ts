import { expect, test } from 'vitest';
import { coachDrill } from '#src/drills/coach.ts';
import { playDrill } from '#src/jobs/play-drill.ts';
import { readStatusPicture } from '#src/status-page/picture.ts';
import { type DrillWorld, drillWorld } from '#test/world/drill-world.ts';

/** What the drill's own card says to type next, typed by Olu. */
async function typeNext(world: DrillWorld): Promise<string> {
  const card = world.slack
    .as('olu')
    .messages('lucy-oncall')
    .find(({ reads }) => /DRILL, step \d of/.test(reads));
  const line = /\/lucy ([^\n]+)/.exec(card?.reads ?? '')?.[1] ?? '';
  expect(line, card?.reads).not.toBe('');
  await world.given(line.replace(/=("[^"]*")/g, ' $1').trim());
  await world.pass(4);
  return line;
}

test('typing what Lucy says goes through the whole incident, and ends with a score card', async () => {
  const world = await drillWorld();
  await world.given('incident drill --with olu');
  await world.pumpAll();
  expect(world.said().join('\n')).toContain('DRILL, the product: checkout is down');
  expect(world.slack.as('olu').dm().at(-1)?.text).toContain('DRILL');

  const typed: string[] = [];
  for (let step = 0; step < 9; step++) typed.push((await typeNext(world)).split(' ').slice(0, 2).join(' '));

  expect(typed).toEqual([
    'alert acknowledge',
    'incident declare',
    'incident change',
    'incident update',
    'incident update',
    'incident note',
    'incident resolve',
    'postmortem write',
    'postmortem file',
  ]);
  expect(await world.drill()).toMatchObject({ outcome: 'done', step: 'done' });
  const card = world.slack
    .as('olu')
    .messages('lucy-oncall')
    .find(({ reads }) => reads.includes('The drill is over'));
  expect(card?.reads).toContain('5 of 5 targets met');
  expect(
    await world.database.knex('timers').whereIn('kind', ['alert_call', 'incident_clock', 'postmortem_due']),
  ).toEqual([]);
  const [incident] = await world.database.knex('incidents');
  expect(incident).toMatchObject({ state: 'resolved', pace: 30 });
});

test('Lucy plays it herself, to watch: draft, reminder and call come on the fast clock, and nothing of it is real', async () => {
  const world = await drillWorld();
  await world.given('incident drill --play');
  await world.pass(220);

  expect(await world.drill()).toMatchObject({ outcome: 'done' });
  const said = world.said().join('\n');
  for (const words of ['here is a draft', 'is owed now', 'customers wait for an update', 'The drill is over'])
    expect(said).toContain(words);
  expect(said).not.toContain('+49');
  expect(JSON.parse(String((await world.drill()).score))).toMatchObject({ updates: 3, late: 1 });
  const line = await world.database.knex('audit_events').where({ actor_id: 'lucy:drill' }).pluck('command');
  expect(line).toContain('postmortem file');

  const picture = await readStatusPicture(world.database.knex, world.runner.settings, world.clock.now());
  expect([...picture.open, ...picture.past]).toEqual([]);
  expect(picture.components.flatMap(({ days }) => days).filter(({ worst }) => worst !== null)).toEqual([]);
  // Nobody takes part, so nobody is called: neither Olu nor Ada, who have the rota.
  for (const handle of ['olu', 'ada', 'bea']) expect(world.slack.as(handle).dm()).toEqual([]);
  expect(world.slack.messages('incidents').filter(({ text }) => /<[@!]/.test(text))).toEqual([]);
  for (const table of ['credit_entries', 'stripe_effects', 'entitlement_changes', 'mails'])
    expect(await world.database.knex(table)).toEqual([]);
});

test('a drill is stopped at any time, and leaves nothing behind that calls anybody', async () => {
  const world = await drillWorld();
  await world.given('incident drill --with olu');
  await world.given('incident declare "checkout is down" --drill');
  await world.pass(70);
  expect(world.said().join('\n')).toContain('customers wait for an update');

  await world.given('drill stop');
  await world.pumpAll();
  const before = world.said().length;
  await world.pass(600);

  expect(world.said()).toHaveLength(before);
  expect(await world.drill()).toMatchObject({ outcome: 'stopped', ended_reason: 'a test needs it' });
  expect((await world.database.knex('incidents').first()).state).toBe('resolved');
  expect((await world.database.knex('health_alerts').first()).recovered_at).not.toBeNull();
  await expect(world.given('drill stop')).rejects.toThrow('No drill is on.');
  await expect(world.given('incident reopen DRILL-1')).rejects.toThrow('was only played');
});

test('a drill is never meant by accident, and a real incident ends it', async () => {
  const world = await drillWorld();
  await expect(world.given('incident declare "x is down" --drill')).rejects.toThrow('No drill is on');
  await world.given('incident drill');
  await expect(world.given('incident drill')).rejects.toThrow('started a drill already');
  await world.given('incident declare "checkout is down" --drill');
  await expect(world.given('incident declare "again" --drill')).rejects.toThrow('DRILL-1');
  await expect(world.given('incident note "I look"')).rejects.toThrow('No incident is open.');
  await expect(world.given('incident note "I look" --incident INC-1')).rejects.toThrow(
    'There is no incident INC-1',
  );
  await world.given('incident note "I look" --incident DRILL-1');

  await world.given('incident declare "the real checkout is down"');
  await world.given('incident note "this is real"');
  await world.work();

  expect(await world.drill()).toMatchObject({ outcome: 'real' });
  const rows = await world.database.knex('incidents').orderBy('number').select('number', 'state', 'drill_id');
  expect(rows).toMatchObject([
    { number: 1, state: 'resolved' },
    { number: 2, state: 'investigating', drill_id: null },
  ]);
  await expect(world.given('incident drill')).rejects.toThrow('INC-2 is open');
});

test('two processes and a restart in every step change nothing: each thing is said and done once', async () => {
  const world = await drillWorld();
  await world.given('incident drill --play');
  const deps = { database: world.database, settings: world.runner.settings, clock: world.clock };
  for (let gone = 0; gone < 220; gone += 2) {
    world.clock.advance(2_000);
    await Promise.all([world.tick(), world.tick()]);
    await Promise.all([coachDrill(deps), coachDrill(deps), playDrill(world.runner), playDrill(world.runner)]);
    await world.pump();
  }
  await world.pumpAll();

  expect(await world.drill()).toMatchObject({ outcome: 'done' });
  expect(await world.database.knex('incidents')).toHaveLength(1);
  expect(await world.database.knex('incident_updates')).toHaveLength(3);
  const steps = world.said().filter((text) => /DRILL, step \d:/.test(text));
  expect(steps).toHaveLength(9);
  expect(new Set(steps).size).toBe(9);
});

test('a drill that nobody goes on with ends by itself, and calls nobody in between more often than every two minutes', async () => {
  const world = await drillWorld();
  await world.given('incident drill --with olu');
  await world.given('incident declare "checkout is down" --drill');
  for (let minute = 0; minute < 35; minute++) {
    world.clock.advance(60_000);
    await world.work();
  }
  await world.pumpAll();
  expect(await world.drill()).toMatchObject({ outcome: 'idle' });
  expect((await world.database.knex('incidents').first()).pages).toBeLessThan(18);
});

test('the next score card compares with the last', async () => {
  const world = await drillWorld();
  await world.given('incident drill --play');
  await world.pass(220);
  world.clock.advance(86_400_000);
  await world.given('incident drill --play --pace 60');
  await world.pass(220);

  const cards = world.slack
    .as('olu')
    .messages('lucy-oncall')
    .filter(({ reads }) => reads.includes('The drill is over'));
  expect(cards.at(-1)?.reads).toContain('Last time');
});
