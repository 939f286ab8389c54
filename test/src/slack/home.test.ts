import { expect, test } from 'vitest';
import { slackWorld, withoutIds } from '#test/world/slack-world.ts';
import { slowLookup } from '#test/world/test-commands.ts';

async function withGrant() {
  const world = await slackWorld({ commands: [slowLookup(1_800)] });
  await world.given('customer add sofia@firm.com');
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy credits grant sofia@firm.com 100 --reason "lost upload"');
  await sam.click({ channel: 'support', ts: sam.lastMessage('support').ts }, 'Grant 100 credits');
  await world.slack.waitFor(() => sam.home()?.reads.includes('granted'), { timeoutMs: 20_000 });
  return { ...world, sam };
}

test('Home says who you are, what you may do, and what you did', async () => {
  const { slack } = await withGrant();
  const sam = slack.as('sam');

  await sam.openHome();
  await slack.waitFor(() => sam.home());

  const reads = withoutIds(sam.home()?.reads ?? '');
  expect(reads).toContain('Hello Sam');
  expect(reads).toContain('Your roles: support');
  expect(reads).toContain('[Grant credits] [Show customer] [Diagnose customer]');
  expect(reads).toContain('100 credits granted to sofia@firm.com.');
  expect(reads).toContain('cor_…');
  expect(reads).toContain('[Receipt]');
});

test('Home is brought up to date by what was done, without being opened', async () => {
  const { sam } = await withGrant();

  expect(sam.home()?.reads).toContain('100 credits granted to sofia@firm.com.');
});

test('a receipt is kept in Home', async () => {
  const { sam, slack } = await withGrant();

  await sam.click('home', 'Receipt');

  await slack.waitFor(() => sam.modal()?.reads.includes('For the ticket'));
});

test('quick actions open their form, and a lookup opens its answer when it is ready', async () => {
  const { sam, slack } = await withGrant();

  await sam.click('home', 'Grant credits');
  await slack.waitFor(() => sam.modal()?.title === 'Credits grant');
  await sam.closeModal();

  await sam.click('home', 'All commands');
  await slack.waitFor(() => sam.modal()?.reads.includes('What shall I do?'));
  await sam.click('modal', 'Test (1)');
  await slack.waitFor(() => sam.modal()?.reads.includes('This is what Lucy does with “test”.'));
  await sam.click('modal', 'Look test');
  await slack.waitFor(() => sam.modal()?.reads.includes('Working on it …'));
  await slack.waitFor(() => sam.modal()?.reads.includes('Here it is at last.'));
});

test('a guest’s Home says why there is nothing', async () => {
  const { slack } = await withGrant();
  const gus = slack.as('gus');

  await gus.openHome();

  await slack.waitFor(() => gus.home()?.reads.includes('Guests of this workspace cannot use Lucy.'));
});

test('Slack refusing Home changes nothing else', async () => {
  const { sam, slack, database, logs } = await withGrant();
  slack.faults.add({ method: 'views.publish', kind: 'error', error: 'not_enabled' });

  await sam.say('support', '/lucy credits grant sofia@firm.com 5 --reason "lost upload"');
  await sam.click({ channel: 'support', ts: sam.lastMessage('support').ts }, 'Grant 5 credits');

  await slack.waitFor(() => logs.some((line) => line.event === 'slack_home_failed'), { timeoutMs: 20_000 });
  expect(await database.knex('credit_entries')).toHaveLength(2);
});
