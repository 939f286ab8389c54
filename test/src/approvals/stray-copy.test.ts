import { expect, test } from 'vitest';
import { type AskedWorld, approvals, askedWorld, told } from '#test/world/approvals.ts';

const cards = (world: AskedWorld) =>
  world.slack.messages(approvals).filter((message) => !message.isEphemeral);

/** As a kill leaves it between Slack's answer and the commit: the message is there, and nobody wrote down where. */
async function killedBeforeSettling(world: AskedWorld): Promise<void> {
  const { knex } = world.database;
  await knex('cards').update({ channel: null, ts: null, shown_version: 0, shown_at: null });
  await knex('outbox')
    .whereNotNull('card_key')
    .update({ state: 'sending', lease_token: 'lease_dead', lease_until: 0, sent_ts: null, sent_at: null });
}

test('a card posted twice: a click on the older copy leads to the newer one and does nothing', async () => {
  const world = await askedWorld();
  await killedBeforeSettling(world);
  await world.pumpAll();
  const [first, second] = cards(world);
  expect(cards(world)).toHaveLength(2);

  await world.slack.as('bea').click({ channel: approvals, ts: first?.ts ?? '' }, 'approve:0');
  await told(world, 'bea', 'This was an older copy of a card; nothing was done.');

  expect(await world.balance()).toBe(0);
  const [old] = cards(world);
  expect(old?.reads).toContain('This card continues here:');
  expect(old?.reads).toContain(`/p${second?.ts.replace('.', '')}`);
  expect(() => world.slack.as('bo').click({ channel: approvals, ts: first?.ts ?? '' }, 'approve:0')).toThrow(
    'nothing to use',
  );

  await world.slack.as('bea').click({ channel: approvals, ts: second?.ts ?? '' }, 'approve:0');
  await told(world, 'bea', 'Approved.');
  expect(await world.balance()).toBe(900);
});

test('a click on the lost copy before it is posted again makes it the card, and no second one appears', async () => {
  const world = await askedWorld();
  await killedBeforeSettling(world);

  await world.slack.as('bea').click(world.at(), 'approve:0');
  await told(world, 'bea', 'Approved.');
  await world.pumpAll();

  expect(cards(world)).toHaveLength(1);
  expect(world.card().reads).toContain('Approved by Bea.');
  expect(await world.balance()).toBe(900);
});
