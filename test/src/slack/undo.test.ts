import { expect, test } from 'vitest';
import { seen, slackWorld } from '#test/world/slack-world.ts';

test('Undo on a receipt asks why, says how much can still be taken back, and takes it back once', async () => {
  const world = await slackWorld();
  const { slack, database } = world;
  await world.given('customer add sofia@firm.com');
  const sam = slack.as('sam');
  await sam.say('support', '/lucy credits grant sofia@firm.com 100 --reason "lost upload"');
  await sam.click({ channel: 'support', ts: sam.lastMessage('support').ts }, 'Grant 100 credits');
  const receipt = await seen(world, 'sam', 'support', 'For the ticket');
  await world.given('credits consume sofia@firm.com 38');

  await sam.click({ channel: 'support', ts: receipt.ts }, 'Undo');
  await slack.waitFor(() => sam.modal());
  expect(sam.modal()).toMatchObject({
    title: 'Undo',
    filled: { 'input:run': expect.stringMatching(/^run_/) },
  });

  await sam.submit({ Reason: 'wrong customer' });
  expect(sam.modal()?.reads).toContain('Credits  62 → 0');

  await sam.submit();
  await slack.waitFor(() => sam.modal()?.title === 'Done');
  expect(await database.knex('credit_accounts')).toMatchObject([{ balance: 0 }]);

  await sam.click({ channel: 'support', ts: receipt.ts }, 'Undo');
  await slack.waitFor(() => sam.modal()?.title === 'Undo');
  await sam.submit({ Reason: 'again' });
  expect(sam.modal()?.errors['input:run']).toMatch(/undone|already/i);
  expect(await database.knex('credit_accounts')).toMatchObject([{ balance: 0 }]);
});
