import { expect, test } from 'vitest';
import { createFollow } from '#src/follow.ts';
import { terminalActor } from '#src/policy/people.ts';
import { startNightly } from '#src/reconciliation/nightly.ts';
import { runTerminal } from '#src/terminal/run-terminal.ts';
import { raceSettings } from '#test/world/race-settings.ts';
import { type ReconcileWorld, reconcileWorld } from '#test/world/reconcile-world.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Sofia pays for pro at Stripe, and Lucy heard nothing of it. */
async function unheardWorld() {
  const world = await reconcileWorld();
  const { stripe, lost, clock } = world;
  await lost(() => stripe.world.subscribe('cus_sofia', 'pro_monthly'));
  clock.advance(60 * MINUTE_MS);
  return world;
}

test('where both sides agree nothing is found, and whoever asks is told so', async () => {
  const { customer, stripe, work, run, found, lucy, clock } = await reconcileWorld();
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  const nora = await customer('nora');
  stripe.world.subscribe(nora, 'starter_monthly');
  await stripe.idle();
  await work();
  clock.advance(5 * MINUTE_MS);

  const id = await run();

  expect(await found()).toEqual([]);
  const shown = await lucy(`reconcile show ${id}`);
  expect(shown.out).toContain('everything agrees in 2 subscriptions');
});

test('one customer is compared at once, and nothing is changed', async () => {
  const { as, show, database } = await unheardWorld();

  const typed = await as('olu', 'reconcile run sofia@firm.com --reason "says that she paid" --ticket ZD-1');

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('2 differences found for sofia@firm.com');
  expect(typed.out).toMatch(
    /paid, but has nothing +Stripe: sub_\w+ is active \(pro_monthly\)\. Lucy: tier free, access full\./,
  );
  expect((await show('sofia@firm.com')).tier).toBe('free');
  expect(await database.knex('reconcile_runs')).toMatchObject([{ state: 'done', ticket: 'ZD-1' }]);
  expect(await database.knex('payments')).toEqual([]);
  expect(await database.knex('subscriptions')).toEqual([]);
});

test('only the kinds that were asked for; an unknown kind, an unknown customer and a missing key are told', async () => {
  const { as, run, found } = await unheardWorld();
  const id = await run('--kinds credits_missing');
  expect((await found(id)).map((row) => row.split(' ')[0])).toEqual(['credits_missing']);

  const unknown = await as('bea', 'reconcile run --kinds nonsense --reason "a test"');
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain('There is no kind nonsense. Choose of paid_not_provisioned,'.slice(0, 26));
  expect((await as('bea', 'reconcile run nobody@firm.com --reason "a test"')).code).toBe(5);
  const { lucy } = await terminalWorld();
  expect((await lucy('reconcile run --reason "a test" --yes')).err).toContain('there is no Stripe key here');
});

test('support may not; a second one is refused while the first is open, and --resume says when there is none', async () => {
  const { as, lucy, carry } = await unheardWorld();
  expect((await lucy('reconcile run --reason "a test" --yes', staff('support'))).code).toBe(3);
  expect((await as('bea', 'reconcile run --resume --reason "a test"')).err).toContain(
    'There is no reconciliation that was left unfinished.',
  );
  expect((await as('bea', 'reconcile run --reason "a test"')).code).toBe(0);
  const second = await as('bo', 'reconcile run --reason "a test"');
  expect(second.code).toBe(1);
  expect(second.err).toContain('Bea’s reconciliation rec_');
  expect(second.err).toContain('reconcile run --resume');
  await carry();
  expect((await as('bo', 'reconcile run --reason "a test"')).code).toBe(0);
});

test('it can be stopped; what it found until then stays, and it finds nothing more', async () => {
  const { as, recon, found, lucy, database } = await unheardWorld();
  const { reconciliation } = (await as('bea', 'reconcile run --reason "a test" --json')).json<{
    reconciliation: string;
  }>();
  expect((await as('bo', `reconcile cancel ${reconciliation} --reason "not now"`)).code).toBe(0);
  const { createCarrier } = await import('#src/reconciliation/carry.ts');
  expect(await createCarrier(recon).carry()).toBe(0);
  expect(await found()).toEqual([]);
  expect((await lucy('reconcile list')).out).toContain('cancelled');
  expect((await as('bo', `reconcile cancel ${reconciliation} --reason "again"`)).err).toContain(
    'at its end already',
  );
  expect(
    await database.knex('audit_events').where({ command: 'reconcile cancel', outcome: 'done' }),
  ).toHaveLength(1);
});

test('what is only on its way is no difference: webhooks that arrive while it runs', async () => {
  const { customer, stripe, work, as, carry, recon, found, database, clock } = await reconcileWorld();
  const names = ['ann', 'ben', 'cem', 'dan'];
  const ids = await Promise.all(names.map((name) => customer(name)));
  const subs = ids.map((id) => stripe.world.subscribe(id, 'pro_monthly').id);
  await stripe.idle();
  await work();
  clock.advance(60 * MINUTE_MS);
  await as('bea', 'reconcile run --reason "a test"');
  const { createCarrier } = await import('#src/reconciliation/carry.ts');
  stripe.loseWebhooks(true);
  stripe.world.cancelNow(subs[0] ?? '');
  stripe.world.changePlan(subs[1] ?? '', 'enterprise_monthly');
  stripe.world.renew(subs[2] ?? '');
  const late = stripe.events.slice(-40).map(({ id }) => id);
  await stripe.idle();
  // They look different now, and are suspected; nothing is said yet.
  await createCarrier(recon).carry();
  expect((await database.knex('reconcile_suspects').where({ state: 'open' })).length).toBeGreaterThanOrEqual(
    3,
  );
  expect(await found()).toEqual([]);

  stripe.loseWebhooks(false);
  clock.advance(5 * SECOND_MS);
  for (const id of late) await stripe.deliver(id);
  await createCarrier(recon).carry();
  await work();
  await carry();

  expect(await found()).toEqual([]);
});

/** The terminal that carries the run itself: what it says, and when Ctrl-C comes. */
function terminalOf(world: ReconcileWorld, interruptAfter = Number.POSITIVE_INFINITY) {
  const said = { out: '', err: '' };
  const controller = new AbortController();
  let pauses = 0;
  const pause = async (ms: number) => {
    pauses += 1;
    if (pauses > interruptAfter) controller.abort();
    await world.recon.pause(ms);
  };
  const runner = { ...world.runner, follow: createFollow(world.runner, pause) };
  const type = (...words: string[]) =>
    runTerminal(runner, terminalActor(raceSettings, 'bea'), [...words, '--reason', 'a test', '--yes'], {
      write: (text) => {
        said.out += text;
      },
      writeError: (text) => {
        said.err += text;
      },
      ask: null,
      untilInterrupted: (work) => work(controller.signal),
    });
  return { said, type };
}

test('the terminal carries it itself, without the service, and says now and then how it goes', async () => {
  const world = await unheardWorld();
  const { said, type } = terminalOf(world);

  expect(await type('reconcile', 'run')).toBe(0);

  expect(said.err).toContain('a second');
  expect(said.out).toContain('Bea’s reconciliation with Stripe: 2 differences in 1 subscription.');
  expect(said.out).toContain('paid_not_provisioned');
  const json = terminalOf(world);
  expect(await json.type('reconcile', 'run', '--json')).toBe(0);
  expect(json.said.err).toBe('');
  expect(JSON.parse(json.said.out)).toMatchObject({ state: 'done', progress: { seen: 1 } });
}, 40_000);

test('Ctrl-C leaves a run that goes on, and says how', async () => {
  const world = await unheardWorld();
  const first = terminalOf(world, 3);
  expect(await first.type('reconcile', 'run')).toBe(1);
  expect(first.said.out).toContain('Stopped here, and nothing is lost');
  expect(first.said.out).toContain('lucy reconcile run --resume');
  expect(await world.found()).toEqual([]);

  const second = terminalOf(world);
  expect(await second.type('reconcile', 'run', '--resume')).toBe(0);
  expect(second.said.out).toContain('2 differences in 1 subscription');
  expect(await world.database.knex('reconcile_runs')).toHaveLength(1);
});

test('every night once; a quiet night edits one message, and what is found is told in one of its own', async () => {
  const world = await unheardWorld();
  const { recon, carry, told, clock, as, repair, database } = world;
  const nightOf = (day: number) => clock.set(Date.UTC(2026, 10, day, 3, 31));
  nightOf(22);
  clock.advance(-2 * MINUTE_MS);
  expect(await startNightly(recon), 'not before its time').toBe(false);
  nightOf(22);
  expect(await Promise.all([startNightly(recon), startNightly(recon)])).toContain(true);
  await carry();
  expect(await startNightly(recon), 'once a night').toBe(false);
  expect((await told('billing')).filter((title) => title.includes('reconciliation'))).toEqual([
    'The last nightly reconciliation with Stripe: 2 differences in 1 subscription.',
    'The nightly reconciliation with Stripe: 2 differences in 1 subscription.',
  ]);
  expect((await database.knex('audit_events').where({ command: 'reconcile run' }))[0]).toMatchObject({
    actor_id: 'schedule',
  });
  expect(
    await database.knex('reconcile_findings').whereNotNull('apply_run'),
    'nothing is put right by itself',
  ).toEqual([]);

  const { id } = await database.knex('reconcile_runs').first('id');
  for (const kind of ['paid_not_provisioned', 'credits_missing']) {
    const { approval } = (
      await as('bo', `reconcile apply ${id} --kind ${kind} --reason "lost" --json`)
    ).json<{ approval: string }>();
    await as('bea', `approval approve ${approval} --reason "checked"`);
  }
  await repair();
  const before = (await told('billing')).length;
  nightOf(23);
  await startNightly(recon);
  await carry();
  expect((await told('billing')).slice(before)).toEqual([
    'The last nightly reconciliation with Stripe: everything agrees in 1 subscription.',
  ]);
  const cards = await database.knex('cards').where('key', 'like', 'nightly%');
  expect(cards).toHaveLength(1);
});

test('the poll of events goes on beside it, and what it brings is no difference any more', async () => {
  const { stripe, lost, poll, work, run, found, clock, show } = await reconcileWorld();
  await lost(() => stripe.world.subscribe('cus_sofia', 'pro_monthly'));
  clock.advance(2 * MINUTE_MS);
  await poll();
  await work();
  expect((await show('sofia@firm.com')).tier).toBe('pro');
  await run();
  expect(await found()).toEqual([]);
});
