import { expect, test } from 'vitest';
import { dunningWorld } from '#test/world/dunning-world.ts';
import { seen, slackWorld } from '#test/world/slack-world.ts';

test.each(['start', 'reminder', 'expired', 'recovered'])(
  '%s: both texts, and nothing is sent',
  async (stage) => {
    const world = await dunningWorld();
    await world.fails();
    await world.database.knex('mails').delete();

    const typed = await world.as('sam', `payment mail sofia@firm.com --preview ${stage}`);
    expect(typed.code).toBe(0);
    expect(typed.out).toContain('Nothing was sent.');
    expect(typed.out).toMatch(/Plain text\n/);
    expect(typed.out).toContain('<!doctype html>');
    expect(await world.post()).toEqual([]);
    expect(world.stripe.world.tables.portalSessions.newestFirst()).toEqual([]);
  },
);

test('somebody who owes nothing gets an example', async () => {
  const world = await dunningWorld();

  const typed = await world.as('sam', 'payment mail sofia@firm.com --preview start');
  expect(typed.out).toContain('amounts and times are made up');
  expect(typed.out).toContain('EXAMPLE-0001');
});

test('without --preview it says which there are', async () => {
  const world = await dunningWorld();

  const typed = await world.as('sam', 'payment mail sofia@firm.com');
  expect(typed.code).toBe(2);
  expect(typed.err).toContain('start, reminder, expired, recovered');
});

test('in Slack it is the words alone, and the HTML is a file to open', async () => {
  const world = await slackWorld();
  await world.given('customer add sofia@firm.com');

  await world.slack.as('sam').say('support', '/lucy payment mail sofia@firm.com --preview expired');
  const answer = await seen(world, 'sam', 'support', 'Nothing was sent');

  expect(answer.reads).toContain('Your account is now on free');
  expect(answer.reads).not.toContain('doctype html');
  expect(answer.reads.split('\n')).not.toContain('–');
  expect(answer.reads).toContain('The file mail-expired.html is in your direct messages with me.');
});
