import { expect, test } from 'vitest';
import { createRenderCard } from '#src/cards.ts';
import { reconcileCards } from '#src/outbox/post-card.ts';
import { slackActor } from '#src/policy/people.ts';
import { approve } from '#src/runner/answer-approval.ts';
import { approvals, askedWorld, told } from '#test/world/approvals.ts';
import { castSettings, slackSecrets } from '#test/world/slack-world.ts';

test('a run that breaks in the middle of its approval leaves it open, and the next click does all of it once', async () => {
  const world = await askedWorld();
  const { knex } = world.database;
  // The very last thing that the transaction writes fails, as if the process had been killed there.
  await knex.schema.renameTable('outbox', 'outbox_away');

  await world.slack.as('bea').click(world.at(), 'approve:0');
  await told(world, 'bea', 'Something went wrong inside Lucy; nothing was half done.');
  expect(await world.balance()).toBe(0);
  expect(await knex('approvals').first('state')).toEqual({ state: 'pending' });
  expect(await knex('approval_votes')).toEqual([]);

  await knex.schema.renameTable('outbox_away', 'outbox');
  await world.slack.as('bea').click(world.at(), 'approve:0');
  await told(world, 'bea', 'Approved.');
  expect(await world.balance()).toBe(900);
});

test('forty clicks at the same moment by two people are one approval and one grant', async () => {
  const world = await askedWorld();
  const approvalId = await world.approvalId();
  const actors = ['U0BEA00001', 'U0BO000001'].map((userId) =>
    slackActor(castSettings, { userId, name: userId, groupIds: ['S0BILLING1'], refusal: null }),
  );

  const answers = await Promise.allSettled(
    Array.from({ length: 40 }, (_, index) => {
      const actor = actors[index % 2];
      if (!actor) throw new Error('nobody');
      return approve(world.runner, { approvalId, seenBasis: null, actor, surface: 'slack', place: null });
    }),
  );

  expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
  for (const answer of answers)
    if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict' });
  expect(await world.balance()).toBe(900);
  expect(await world.database.knex('approval_votes')).toHaveLength(1);
  expect(await world.database.knex('credit_entries')).toHaveLength(1);
});

test('a card that was not brought up to date, because its message was given up, is edited at the next start', async () => {
  const world = await askedWorld();
  await world.slack.as('bea').click(world.at(), 'approve:0');
  await told(world, 'bea', 'Approved.');
  await world.database.knex('outbox').where({ state: 'pending' }).update({ state: 'dead' });
  await world.pumpAll();
  expect(world.card().reads).toContain('Approve:');

  await reconcileCards(world.database, createRenderCard(castSettings), world.clock.now());
  await world.pumpAll();

  expect(world.card().reads).toContain('Approved by Bea.');
});

test('a card that somebody deleted is posted anew when it changes', async () => {
  const world = await askedWorld();
  const { ts, channel } = world.card();
  await fetch(new URL('chat.delete', `${world.slack.apiUrl.replace(/\/?$/, '/')}`), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${slackSecrets.botToken}`,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify({ channel, ts }),
  });

  const approvalId = await world.approvalId();
  const bea = slackActor(castSettings, {
    userId: 'U0BEA00001',
    name: 'Bea',
    groupIds: ['S0BILLING1'],
    refusal: null,
  });
  await approve(world.runner, { approvalId, seenBasis: null, actor: bea, surface: 'slack', place: null });
  await world.pumpAll();

  const shown = world.slack.messages(approvals).filter((message) => !message.isEphemeral);
  expect(shown.at(-1)?.reads).toContain('Approved by Bea.');
});

test('while Slack is away everything goes on, and the card that appears then shows the present state at once', async () => {
  const world = await askedWorld();
  world.slack.faults.down(true);
  const bea = slackActor(castSettings, {
    userId: 'U0BEA00001',
    name: 'Bea',
    groupIds: ['S0BILLING1'],
    refusal: null,
  });
  const approvalId = await world.approvalId();
  await approve(world.runner, { approvalId, seenBasis: null, actor: bea, surface: 'terminal', place: null });
  expect(await world.balance()).toBe(900);
  await world.pump();
  expect(world.card().reads).toContain('Approve:');

  world.slack.faults.down(false);
  world.clock.advance(120_000);
  await world.pumpAll();

  expect(world.card().reads).toContain('Approved by Bea.');
});

test.each(['', 'apr_', 'apr_0:', 'run_1:2', '__proto__:constructor', 'apr_1:2:3', `${'x'.repeat(1_900)}:1`])(
  'a forged button “%s” is answered and changes nothing',
  async (value) => {
    const world = await askedWorld();
    const bea = world.slack.as('bea');
    const before = bea.dm().length;
    const payload = {
      type: 'block_actions',
      user: { id: bea.id, team_id: 'T0LUCY0001' },
      trigger_id: `1.2.${value.length}`,
      container: { type: 'message' },
      channel: { id: 'C0APPROVE1' },
      actions: [{ type: 'button', block_id: 'b', action_id: 'approve:0', value }],
    };

    await world.slack.signedRequest({ body: `payload=${encodeURIComponent(JSON.stringify(payload))}` });

    await world.slack.waitFor(() => bea.dm().length > before);
    expect(bea.dm().at(-1)?.reads).toContain('There is no approval');
    expect(await world.balance()).toBe(0);
  },
);
