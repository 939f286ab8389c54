import { expect, test } from 'vitest';
import { signatureHeaders } from '#sandbox/slack/to-lucy/sign.ts';
import { grantLine, previewedGrant, slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { seen, slackSecrets } from '#test/world/slack-world.ts';

test('a double confirm grants once, and the second click is told so', async () => {
  const world = await slackWorldWithSofia();
  const { sam, at } = await previewedGrant(world);

  await Promise.all([sam.click(at, 'Grant 100 credits'), sam.click(at, 'Grant 100 credits')]);
  await seen(world, 'sam', 'support', 'This was already done; nothing was done again.');

  expect(await world.database.knex('credit_entries')).toHaveLength(1);
  expect(world.slack.messages('support')).toHaveLength(1);
});

test('the same signed click, sent again and again and to two processes at once, grants once', async () => {
  const world = await slackWorldWithSofia();
  const { sam, at } = await previewedGrant(world);
  const other = await world.another();
  await sam.click(at, 'Grant 100 credits');
  await seen(world, 'sam', 'support', 'For the ticket');
  const click = world.slack.deliveries.findLast((delivery) => delivery.kind === 'block_actions');
  if (!click) throw new Error('There was no click.');
  const again = (url: string) => fetch(url, { method: 'POST', headers: click.headers, body: click.rawBody });

  const answers = await Promise.all([
    again(world.eventsUrl),
    again(other.eventsUrl),
    again(other.eventsUrl),
    again(world.eventsUrl),
  ]);
  await world.slack.settled();

  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
  expect(await world.database.knex('credit_entries')).toHaveLength(1);
  expect(world.slack.messages('support')).toHaveLength(1);
});

test('the same signed command is taken once by two processes, and every sender gets the same answer', async () => {
  const world = await slackWorldWithSofia();
  const { sam } = await previewedGrant(world);
  const other = await world.another();
  await sam.say('support', grantLine);
  const first = world.slack.deliveries.findLast((delivery) => delivery.kind === 'slash_command');
  if (!first) throw new Error('There was no command.');
  const again = async (url: string) =>
    (await fetch(url, { method: 'POST', headers: first.headers, body: first.rawBody })).text();

  const answers = await Promise.all([again(world.eventsUrl), again(other.eventsUrl), again(world.eventsUrl)]);

  expect(new Set([...answers, first.response?.body]).size).toBe(1);
  expect(await world.database.knex('runs').where({ command: 'credits grant' })).toHaveLength(2);
});

test('two processes that get the same command at the same moment plan it once', async () => {
  const world = await slackWorldWithSofia();
  const { sam } = await previewedGrant(world);
  const other = await world.another();
  await sam.say('support', grantLine);
  const sent = world.slack.deliveries.findLast((delivery) => delivery.kind === 'slash_command');
  const body = (sent?.rawBody ?? '').replace(/trigger_id=[^&]*/, 'trigger_id=1.2.fresh');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...signatureHeaders(slackSecrets.signingSecret, Math.floor(world.clock.now() / 1000), body),
  };
  const send = async (url: string) => (await fetch(url, { method: 'POST', headers, body })).text();

  const [one, two] = await Promise.all([send(world.eventsUrl), send(other.eventsUrl)]);

  expect(one).toBe(two);
  expect(one).toContain('Grant 100 credits to sofia@firm.com?');
  expect(await world.database.knex('runs').where({ command: 'credits grant' })).toHaveLength(3);
});
