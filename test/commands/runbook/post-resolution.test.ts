import { expect, test } from 'vitest';
import type { Reply } from '#src/replies/reply.ts';
import { followRunbooks } from '#src/runbooks/follow.ts';
import { apiWorld } from '#test/world/api-world.ts';
import { previewedGrant, slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { seen } from '#test/world/slack-world.ts';
import { idIn } from '#test/world/sofia-world.ts';

type Shown = { state: string; steps: { key: string; tickedBy: string | null; note: string | null }[] };

async function fixedWorld(fix = 'credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812') {
  const world = await apiWorld();
  const read = async () => {
    await world.call('GET', '/api/entitlements?email=sofia@firm.com');
    await world.flushReads();
  };
  await read();
  world.clock.advance(60_000);
  await world.lucy(`${fix} --yes`);
  world.clock.advance(60_000);
  const started = await world.lucy('runbook start post-resolution sofia@firm.com --ticket ZD-812 --yes');
  const id = idIn(started, 'rbk');
  const show = async () => {
    world.clock.advance(5_000);
    await followRunbooks(world.deps);
    return (await world.lucy(`runbook show ${id} --json`)).json<Shown>();
  };
  const step = async (key: string) => (await show()).steps.find((candidate) => candidate.key === key);
  return { ...world, id, read, show, step };
}

test('what the customer sees ticks itself only when the product has asked since the fix', async () => {
  const { step, read } = await fixedWorld();

  expect(await step('seen')).toMatchObject({
    tickedBy: null,
    note: 'The product has not asked Lucy about this customer since 2026-11-21 09:01 UTC; it asks when the customer uses it.',
  });
  await read();

  expect(await step('seen')).toMatchObject({
    tickedBy: 'The product',
    note: expect.stringMatching(/^it read tier free, access full and 100 credits at 2026-11-21 09:02 UTC$/),
  });
});

test('a read of what does not hold any more ticks nothing, and says so', async () => {
  const { step, read, lucy, database, clock } = await fixedWorld();
  await read();
  clock.advance(1_000);
  await database.knex('entitlements').update({ tier: 'pro' });

  expect(await step('seen')).toMatchObject({
    tickedBy: null,
    note: expect.stringContaining('The product last read tier free'),
  });
  expect((await lucy('runbook list')).out).toContain('Post-resolution checklist for sofia@firm.com (ZD-812)');
});

test('the summary holds every act of the ticket with its command line, and grows with them', async () => {
  const { lucy, id, step, database } = await fixedWorld();
  await lucy('tier set sofia@firm.com pro --until 7d --reason "while we look" --ticket ZD-812 --yes');
  await lucy('credits grant sofia@firm.com 7 --reason "another case" --ticket ZD-900 --yes');

  expect(await step('summary')).toMatchObject({ tickedBy: null, note: '2 acts to paste.' });
  const card = await database.knex('runbook_runs').where({ id }).first();
  expect(card.version).toBeGreaterThan(1);
  const { out } = await lucy(`runbook show ${id}`);
  expect(out).toContain('1. 100 credits granted to sofia@firm.com.');
  expect(out).toContain(
    'lucy credits grant --email=sofia@firm.com --count=100 --reason="lost upload" --ticket=ZD-812',
  );
  expect(out).toContain('--email=sofia@firm.com --tier=pro --reason="while we look" --ticket=ZD-812');
  expect(out).not.toContain('another case');
  expect(out).toMatch(/Run run_\w+ · Correlation ID cor_\w+/);

  await lucy(`runbook tick ${id} 2 --yes`);
  expect(await step('summary')).toMatchObject({ tickedBy: 'terminal:admin' });
});

test('a way that the runbooks know ticks itself; another one asks for a suggestion, which ticks it', async () => {
  const known = await fixedWorld();
  const unknown = await fixedWorld(
    'customer unlink sofia@firm.com cus_sofia --reason "not theirs" --ticket ZD-812',
  );

  expect(await known.step('runbook')).toMatchObject({
    tickedBy: 'Lucy',
    note: 'credits grant stands in the runbooks',
  });
  expect(await unknown.step('runbook')).toMatchObject({
    tickedBy: null,
    note: 'customer unlink stands in no runbook: suggest the step.',
  });
  await unknown.lucy(
    'runbook suggest stripe-reconciliation "unlink what is not theirs" --ticket ZD-812 --yes',
  );
  expect(await unknown.step('runbook')).toMatchObject({
    tickedBy: 'terminal:admin',
    note: expect.stringMatching(/^suggested as sug_/),
  });
});

test('another fix for the ticket opens again what the first one had ticked', async () => {
  const { step, read, lucy, clock } = await fixedWorld();
  await read();
  expect(await step('seen')).toMatchObject({ tickedBy: 'The product' });

  clock.advance(60_000);
  await lucy('customer unlink sofia@firm.com cus_sofia --reason "not theirs" --ticket ZD-812 --yes');

  expect(await step('seen')).toMatchObject({
    tickedBy: null,
    note: expect.stringContaining('has not asked Lucy about this customer since 2026-11-21 09:03 UTC'),
  });
  expect(await step('runbook')).toMatchObject({ tickedBy: null });
});

test('all three: the list ends by itself', async () => {
  const { read, show, lucy, id } = await fixedWorld();
  await read();
  await lucy(`runbook tick ${id} 2 --yes`);

  expect(await show()).toMatchObject({ state: 'done' });
});

test('a receipt with a ticket offers it with one click; without a ticket it does not', async () => {
  const world = await slackWorldWithSofia();
  const { sam, at } = await previewedGrant(world);
  await sam.click(at, 'Grant 100 credits');
  const receipt = await seen(world, 'sam', 'support', 'credits granted');
  await sam.click({ channel: 'support', ts: receipt.ts }, 'Check list');
  await seen(world, 'sam', 'support', 'Started “Post-resolution checklist” for sofia@firm.com (ZD-812)');
  await world.pumpAll();

  expect(sam.dm()[0]?.reads).toContain(
    'Post-resolution checklist for sofia@firm.com (ZD-812): 1 of 3 steps done.',
  );
  expect(sam.dm()[0]?.reads).toContain('What was done for ZD-812:');
  const runs = await world.database.knex('runs').where({ command: 'customer add' });
  expect((JSON.parse(runs[0].reply) as Reply).buttons?.map(({ label }) => label) ?? []).not.toContain(
    'Check list',
  );
});
