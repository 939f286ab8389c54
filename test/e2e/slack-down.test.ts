import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { runScenario } from '#sandbox/stripe/scenarios.ts';
import { down, ok } from '#src/health/probe.ts';
import { reportRelease } from '#src/releases/report.ts';
import { exampleOf, isDefect } from '#test/matrix/slack-matrix.ts';
import { healthWorld } from '#test/world/health-world.ts';
import { type OutageWorld, outageWorld } from '#test/world/outage-world.ts';
import { testCause } from '#test/world/test-cause.ts';

const MINUTE_MS = 60_000;
const why = '--reason "Slack is away" --ticket ZD-900';

async function newFile(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-outage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, name);
}

async function file(text: string): Promise<string> {
  const path = await newFile('lines.csv');
  await writeFile(path, text);
  return path;
}

/** Support's and billing's day. */
async function customers({ type, work, stripe }: OutageWorld): Promise<void> {
  for (const line of ['help', 'whoami', 'status', 'policy explain "credits grant 900" --as sam'])
    await type('sam', line);
  await type('sam', `customer add new@firm.com --name New ${why} --yes`);
  stripe.world.createCustomer({ id: 'cus_new', email: 'new@firm.com', name: 'New' });
  await type('sam', `customer link new@firm.com cus_new ${why} --yes`);
  await type('sam', `customer unlink new@firm.com cus_new ${why} --yes`);
  await type('sam', `customer verify-email new@firm.com ${why} --yes`);
  for (const verb of ['show', 'diagnose', 'timeline']) await type('sam', `customer ${verb} sofia@firm.com`);
  await type(
    'bea',
    `customer export sofia@firm.com --anonymized --out ${await newFile('copy.db')} ${why} --yes`,
  );
  const imported = await file('email,name\nimported@firm.com,Imported\n');
  await type('bea', `customer import ${imported} ${why} --yes`);
  const granted = await type('sam', `credits grant sofia@firm.com 100 ${why} --yes`);
  await type('sam', `credits consume sofia@firm.com 5 ${why} --yes`);
  await type('sam', `undo ${granted.id('run')} ${why} --yes`);
  const again = await type('bea', `credits grant sofia@firm.com 50 ${why} --yes`);
  const entry = /led_[0-9a-z]+/.exec((await type('bea', 'credits show sofia@firm.com')).out)?.[0];
  await type('bea', `trace ${again.id('cor')}`);
  await type('bea', 'credits audit sofia@firm.com');
  if (entry) await type('bea', `credits reverse ${entry} ${why} --yes`);
  const many = await file('email,credits\nsofia@firm.com,3\n');
  const batch = await type('bea', `credits import ${many} ${why} --yes`);
  await type('bea', `batch show ${batch.id('run')}`);
  await work();
  await type('bea', `credits unimport ${batch.id('run')} ${why} --yes`);
  await type('sam', `tier set sofia@firm.com starter --until 7d ${why} --yes`);
  await type('sam', `tier reset sofia@firm.com ${why} --yes`);
  const lock = await type('sam', `customer lock sofia@firm.com ${why} --yes`, 4);
  await type('bea', `approval approve ${lock.id('apr')} --reason "checked" --yes`);
  const unlock = await type('sam', `customer unlock sofia@firm.com ${why} --yes`, 4);
  await type('bea', `approval approve ${unlock.id('apr')} --reason "checked" --yes`);
  await type('bea', `subscription set office@manual.example --type monthly --status active ${why} --yes`);
  await type('sam', 'subscription show billing@pastdue.example');
  await type('sam', 'payment show billing@pastdue.example');
  await type('sam', 'payment mail billing@pastdue.example --preview start');
  await type('sam', 'payment portal-link billing@pastdue.example');
  await runScenario(stripe, 'sofia-upgrades');
  await work();
}

/** What a second person has to say yes to, asked and answered at the terminal alone. */
async function approvals({ type, work, stripe, clock, database }: OutageWorld): Promise<void> {
  const charge = stripe.world.lastPaidChargeOf('cus_past_due');
  const asked = await type('sam', `refund request ${charge?.id} 10 ${why} --yes`, 4);
  const refund = asked.id('apr');
  expect((await type('bea', 'approval list')).out).toContain(refund);
  await type('bea', `approval show ${refund}`);
  await type('bea', `approval approve ${refund} --reason "checked the invoice" --yes`);
  await work();
  await work();
  expect(stripe.world.tables.refunds.newestFirst()).toHaveLength(1);

  const big = async () => (await type('sam', `credits grant sofia@firm.com 900 ${why} --yes`, 4)).id('apr');
  await type('bea', `approval deny ${await big()} --reason "too much" --yes`);
  await type('sam', `approval cancel ${await big()} --reason "not needed" --yes`);
  const left = await big();
  clock.advance(25 * 60 * MINUTE_MS);
  await work();
  expect(await database.knex('approvals').where({ id: left }).first()).toMatchObject({ state: 'expired' });
  clock.set(clock.now());
}

/** On-call's night: incident, updates, postmortem, release, drill. */
async function incidents(world: OutageWorld): Promise<void> {
  const { type, database, clock, runner } = world;
  await type('olu', 'incident declare "checkout is down" --severity sev2 --yes');
  await type('olu', 'incident change --severity sev1 --yes');
  await type('olu', 'incident note "Stripe answers" --yes');
  await type('olu', 'incident update "Payments fail for some." --components "service=major" --yes');
  await type('olu', 'incident status');
  await type('olu', 'incident list');
  for (const [index, version] of ['v1', 'v2'].entries())
    await reportRelease(database.knex, testCause(clock.now()), {
      releaseId: `r${index}`,
      version,
      url: null,
      deployedAt: clock.now() - (3 - index) * 24 * 60 * MINUTE_MS,
    });
  await type('olu', 'release list');
  const rollback = await type('olu', `release rollback v1 ${why} --yes`, 4);
  await type('ada', `approval show ${rollback.id('apr')}`);
  await type('olu', 'incident resolve --reason "rolled back" --yes');
  await type('olu', 'incident reopen INC-1 --reason "it is back" --yes');
  await type('olu', 'incident resolve --reason "now it holds" --yes');
  await type('olu', 'postmortem write INC-1 --summary "Payments failed." --cause "A release." --yes');
  const action = await type('olu', 'postmortem action "a test for it" --incident INC-1 --yes');
  await type('olu', `postmortem done ${action.id('act')} --reason "written" --yes`);
  await type('olu', 'incident postmortem INC-1');
  await type('olu', 'postmortem file INC-1 --reason "read" --yes');
  await type('olu', 'incident drill --yes');
  const [alert] = await database.knex('health_alerts').whereNotNull('drill_id').pluck('id');
  await type('olu', `alert acknowledge ${alert} --yes`);
  await type('olu', 'drill list');
  await type('olu', `drill stop ${why} --yes`);
  const glass = await type('ada', `break-glass start --for 30m ${why} --yes`);
  await type('ada', 'break-glass list');
  await type('ada', `break-glass end ${why} --yes`);
  await type(
    'bea',
    `break-glass review ${glass.id('glass')} --note "nothing was done" --reason "review" --yes`,
  );
  expect(runner.settings.channels.oncall).toBe('#lucy-oncall');
}

/** Stripe’s side: events, reconciliation, disputes. */
async function billing({ type, work, stripe, database }: OutageWorld): Promise<void> {
  for (const line of ['webhook health', 'webhook failed']) await type('olu', line);
  const event = stripe.lastEvent('invoice.paid').id;
  await type('olu', `webhook show ${event}`);
  await type('olu', `webhook replay ${event} ${why} --yes`);
  await type('olu', `webhook resend ${event} ${why} --yes`);
  await type('bea', `reconcile run ${why} --yes`);
  await work();
  await type('bea', 'reconcile list');
  const stopped = await type('bea', `reconcile run ${why} --yes`);
  await type('bea', `reconcile cancel ${stopped.id('rec')} ${why} --yes`);
  await type('bea', 'reconcile show');
  await runScenario(stripe, 'past-due-misses');
  await work();
  await type('bea', `payment grace billing@pastdue.example 71h ${why} --dry-run`);
  const charge = stripe.world.lastPaidChargeOf('cus_disputed');
  const dispute = stripe.world.openDispute(charge?.id ?? '', { inquiry: false });
  await work();
  await type('bea', 'dispute list');
  await type('bea', `dispute show ${dispute.id}`);
  await type('bea', `dispute contest ${dispute.id} --note "Used daily." ${why} --dry-run`);
  await type('bea', `dispute accept ${dispute.id} ${why} --dry-run`);
  await type('bea', `dispute fraud ${dispute.id} ${why} --yes`, 4).catch(() =>
    type('bea', `dispute fraud ${dispute.id} ${why} --yes`),
  );
  const [waiting] = await database
    .knex('approvals')
    .where({ state: 'pending' })
    .orderBy('id', 'desc')
    .pluck('id');
  if (waiting) await type('bo', `approval approve ${waiting} --reason "looks like it" --yes`);
  await work();
  await type('bea', `dispute evidence ${dispute.id}`);
  const [subscription] = stripe.world.tables.subscriptions.newestFirst();
  await type('bea', `subscription cancel ${subscription?.id} ${why} --dry-run`);
  await type('bea', 'audit search --customer sofia@firm.com');
  await type('bea', 'audit verify');
}

/** Handing over, and runbooks. */
async function handing({ type }: OutageWorld): Promise<void> {
  const escalation = await type(
    'sam',
    'escalate data_platform sofia@firm.com --about "the balance is stuck" --ticket ZD-900 --yes',
  );
  const id = escalation.id('esc');
  await type('sam', 'escalation list');
  await type('sam', `escalation show ${id}`);
  await type('olu', `escalation take ${id} --yes`);
  await type('olu', `escalation close ${id} --reason "put right" --yes`);
  await type('sam', 'runbook list');
  await type('sam', 'runbook show disputes');
  const started = await type('sam', 'runbook start post-resolution sofia@firm.com --ticket ZD-900 --yes');
  await type('sam', `runbook tick ${started.id('rbk')} 2 --yes`);
  await type('sam', `runbook close ${started.id('rbk')} ${why} --yes`);
  const suggest = async () =>
    (await type('sam', 'runbook suggest disputes "ask for the delivery note first" --yes')).id('sug');
  await type('ada', `runbook accept ${await suggest()} --reason "yes" --yes`);
  await type('ada', `runbook decline ${await suggest()} --reason "no" --yes`);
  await type('sam', 'runbook suggestions');
}

test('Slack is away: every command works at the terminal, and nothing that was done is lost', async () => {
  const world = await outageWorld();
  await world.slack.faults.down(true);
  // Lucy asked Slack for its user groups up to twenty minutes before; an hour later everybody still has their role.
  world.clock.advance(80 * MINUTE_MS);
  for (const part of [customers, handing, billing, incidents, approvals]) await part(world);

  expect(world.wrong).toEqual([]);
  // What this walk has no line for yet does not break either.
  const defects: string[] = [];
  for (const { name } of commands.filter((command) => !world.driven.has(command.name))) {
    const { out } = await world.type('ada', `${exampleOf(name)} --yes`, null);
    if (isDefect(out)) defects.push(`${name}: ${out}`);
  }
  expect(defects).toEqual([]);
  expect(world.slack.posts).toEqual([]);
});

test('Slack comes back after an hour: the present state follows, at Slack’s pace, and no flood', async () => {
  const world = await outageWorld();
  const { slack, type, clock, work, database } = world;
  const ask = async () => (await type('sam', `credits grant sofia@firm.com 900 ${why} --yes`, 4)).id('apr');
  const before = await ask();
  await world.pumpAll();
  expect(slack.messages('lucy-approvals')[0]?.reads).toContain('Approve');

  await slack.faults.down(true);
  await type('bea', `approval approve ${before} --reason "fine" --yes`);
  await type('bea', `approval deny ${await ask()} --reason "too much" --yes`);
  for (let count = 0; count < 40; count++) await type('sam', `credits grant sofia@firm.com 2 ${why} --yes`);
  await type('olu', 'incident declare "checkout is down" --severity sev1 --yes');
  await type('olu', 'escalate data_platform sofia@firm.com --about "stuck" --ticket ZD-900 --yes');
  await runScenario(world.stripe, 'sofia-upgrades');
  for (let minute = 0; minute < 60; minute++) {
    if (minute % 20 === 0) await work();
    await world.tick();
    await world.pump();
    clock.advance(MINUTE_MS);
  }
  await type('olu', 'incident resolve INC-1 --reason "it holds" --yes');
  const posted = slack.posts.length;
  await slack.faults.clear();
  for (let second = 0; second < 120; second++) {
    clock.advance(1_001);
    await world.pump();
  }

  const after = slack.posts.slice(posted);
  const byChannel = Map.groupBy(after, ({ channel }) => channel);
  for (const [channel, posts] of byChannel) {
    const gaps = posts.slice(1).map(({ at }, index) => at - (posts[index]?.at ?? 0));
    expect(Math.min(1_000, ...gaps), channel).toBe(1_000);
    expect(posts.length, `${channel}: ${JSON.stringify(posts.map((post) => post.method))}`).toBeLessThan(12);
  }
  expect(await database.knex('outbox').whereNotIn('state', ['sent', 'folded'])).toEqual([]);
  const feed = slack
    .messages('lucy-entitlements')
    .filter(({ text }) => text.includes('while messages were waiting'));
  expect(feed).toHaveLength(1);
  // One card for each object, showing how it ended, and no button that waits for what is over.
  const cards = slack.messages('lucy-approvals').filter(({ reads }) => reads.includes('900 credits'));
  expect(cards.map(({ reads }) => /Approve:|Deny:/.test(reads))).toEqual(cards.map(() => false));
  expect(
    cards
      .map(({ reads }) => (reads.includes('Denied') || reads.includes('denied') ? 'denied' : 'approved'))
      .sort(),
  ).toEqual(['approved', 'denied']);
  const incident = slack.messages('incidents').filter(({ reads }) => reads.includes('INC-1 is resolved'));
  expect(incident.length).toBeGreaterThan(0);
  expect(await database.knex('cards').whereRaw('shown_version < wanted_version')).toEqual([]);
  expect(world.wrong).toEqual([]);
});

test('Slack comes back after four hours of an alert and an incident that are over: nobody is called for them', async () => {
  const world = await healthWorld();
  const { slack, clock } = world;
  await slack.faults.down(true);
  world.now.stripe = down('Stripe cannot be reached: timeout');
  await world.look(3);
  await world.given('incident declare "checkout is down"');
  for (let minutes = 0; minutes < 240; minutes += 5) {
    clock.advance(5 * MINUTE_MS);
    await world.tick();
  }
  world.now.stripe = ok('Stripe answers.');
  await world.look(3);
  await world.given('incident resolve INC-1');
  const called = await world.database
    .knex('outbox')
    .whereNotNull('only_while')
    .whereNot('payload', 'like', '%Work stands still%');
  expect(called.length).toBeGreaterThan(12);
  await slack.faults.clear();
  clock.advance(10 * MINUTE_MS);
  await world.pumpAll();

  const said = ['lucy-oncall', 'incidents'].flatMap((channel) => slack.messages(channel));
  expect(said.filter(({ text }) => /nobody has it|is owed|customers wait|still nobody/.test(text))).toEqual(
    [],
  );
  // That messages waited for hours was so until this moment.
  const dms = ['olu', 'ada'].flatMap((person) => slack.as(person).dm());
  expect(dms.filter(({ text }) => !text.includes('Work stands still'))).toEqual([]);
  const ids = called.map(({ id }) => id);
  const ends = await world.database.knex('outbox').whereIn('id', ids).distinct('state');
  expect(ends).toEqual([{ state: 'folded' }]);
  expect(await world.database.knex('outbox').whereIn('state', ['pending', 'sending', 'dead'])).toEqual([]);
});

test('Slack comes back while nobody has the alert yet: each is called once, by the last call', async () => {
  const world = await healthWorld();
  const { slack, clock } = world;
  await slack.faults.down(true);
  world.now.stripe = down('Stripe cannot be reached: timeout');
  await world.look(3);
  await world.given('incident declare "checkout is down"');
  for (let minutes = 0; minutes < 240; minutes += 5) {
    clock.advance(5 * MINUTE_MS);
    await world.tick();
  }
  await slack.faults.clear();
  await world.pumpAll();

  const texts = (channel: string) => slack.messages(channel).map(({ text }) => text);
  expect(texts('lucy-oncall').filter((text) => /out of order, and/.test(text))).toHaveLength(1);
  expect(texts('lucy-oncall').filter((text) => text.includes('+49 30 5550101'))).toHaveLength(1);
  expect(texts('incidents').filter((text) => /is owed|customers wait/.test(text))).toHaveLength(1);
  for (const person of ['olu', 'ada'])
    expect(
      slack
        .as(person)
        .dm()
        .filter(({ text }) => text.includes('Stripe’s API')),
    ).toHaveLength(1);
  expect(
    slack
      .as('olu')
      .dm()
      .filter(({ text }) => text.includes('customers wait')),
  ).toHaveLength(1);
});
