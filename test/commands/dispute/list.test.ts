import { expect, test } from 'vitest';
import { sofia } from '#test/world/billing-world.ts';
import { disputeWorld } from '#test/world/dispute-world.ts';
import { staff } from '#test/world/terminal-world.ts';
import { disputeOf } from '#test/world/truth-disputes.ts';
import { stripeEvent } from '#test/world/webhook-world.ts';

type Listed = { open: { id: string; status: string }[]; closed?: { id: string; status: string }[] };

const DAY_MS = 86_400_000;

/** Three of Sofia's payments, each with a dispute: one due soon, one due later, one over. */
async function three() {
  const world = await disputeWorld();
  const { truth, clock } = world;
  const made = [
    { charge: 'ch_soon', days: 2, status: 'needs_response' },
    { charge: 'ch_later', days: 9, status: 'warning_needs_response' },
    { charge: 'ch_over', days: 5, status: 'won' },
  ];
  for (const { charge, days, status } of made) {
    const dispute = disputeOf(charge, clock.now(), { status, dueBy: clock.now() + days * DAY_MS });
    truth.disputes.set(charge, [dispute]);
    const object = { id: dispute.id, object: 'dispute', charge, customer: sofia.stripe };
    await world.receive(stripeEvent('charge.dispute.created', object));
  }
  await world.drain();
  return world;
}

test('open ones come first by their deadline; those that are over with --all', async () => {
  const world = await three();
  const open = (await world.lucy('dispute list --json')).json<Listed>();
  expect(open.open.map(({ id }) => id)).toEqual(['dp_ch_soon', 'dp_ch_later']);
  expect(open.closed).toBeUndefined();

  const { out } = await world.lucy('dispute list');
  expect(out).toContain('2 disputes are open; 2 wait for a decision.');
  expect(out).toContain('2 days');
  expect(out).toContain('Those that are over: lucy dispute list --all');

  const all = (await world.lucy('dispute list --all --json')).json<Listed>();
  expect(all.closed).toMatchObject([{ id: 'dp_ch_over', status: 'won' }]);
});

test('as a file, one line each, with amounts in minor units', async () => {
  const world = await three();
  const { csv } = (await world.lucy('dispute list --all --csv --json')).json<{ csv: string }>();
  const lines = csv.trim().split('\r\n');

  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^"id","customer"/);
  expect(lines[1]).toMatch(/^"dp_ch_soon","sofia@firm.com","cus_sofia","ch_soon",4900,"usd","fraudulent"/);
});

test('nothing open is said so', async () => {
  const world = await disputeWorld();

  expect((await world.lucy('dispute list')).out).toContain('No dispute is open.');
});

test('it is billing’s: support and on-call are refused', async () => {
  const world = await disputeWorld();
  for (const role of ['support', 'oncall'] as const) {
    expect((await world.lucy('dispute list', staff(role))).code).toBe(3);
    expect((await world.lucy(`dispute show ${sofia.email}`, staff(role))).code).toBe(3);
  }
  expect((await world.lucy('dispute list', staff('billing'))).code).toBe(0);
});
