import { expect, test } from 'vitest';
import { seen, slackWorld } from '#test/world/slack-world.ts';
import { feed } from '#test/world/told.ts';

const line = '/lucy break-glass start --for 30m --reason "customers are locked out" --ticket INC-7';

async function brokenInSlack() {
  const world = await slackWorld();
  const olu = world.slack.as('olu');
  await olu.say('incidents', line);
  const preview = olu.lastMessage('incidents');
  await olu.click({ channel: 'incidents', ts: preview.ts }, 'Break the glass');
  await seen(world, 'olu', 'incidents', 'For the ticket');
  await world.pumpAll();
  return { ...world, olu, preview };
}

test('Olu breaks the glass by a click, and the channels and Ada know at once', async () => {
  const world = await brokenInSlack();

  expect(world.preview.reads).toContain('#lucy-approvals, #lucy-oncall and 1 owner are told at once');
  const news = /^Olu broke the glass until (\d{4}-\d\d-\d\d )?\d\d:\d\d UTC: what needs a second person/;
  expect(feed(world, 'lucy-approvals')).toEqual([expect.stringMatching(news)]);
  expect(feed(world, 'lucy-oncall')).toEqual([expect.stringMatching(news)]);
  expect(
    world.slack
      .as('ada')
      .dm()
      .map((message) => message.text),
  ).toEqual([expect.stringMatching(news)]);
  expect(feed(world, 'lucy-entitlements')).toEqual([]);
});

test('Ada ends it with the button of the message, and reviews it in a form that knows which', async () => {
  const world = await brokenInSlack();
  const ada = world.slack.as('ada');
  const at = { channel: 'lucy-approvals', ts: ada.lastMessage('lucy-approvals').ts };

  await ada.click(at, 'End it');
  await world.slack.waitFor(() => ada.modal());
  await ada.submit({ Reason: 'somebody is here now' });
  await world.slack.waitFor(() => ada.modal()?.reads.includes('End the break-glass by Olu'));
  await ada.submit();
  await world.slack.settled();
  await world.pumpAll();

  expect(feed(world, 'lucy-approvals').at(-1)).toMatch(
    /^Ada ended the break-glass by Olu at .*: nothing was done under it, and it waits for a review\.$/,
  );
  expect(await world.database.knex('break_glass')).toMatchObject([{ ended_name: 'Ada' }]);

  const bea = world.slack.as('bea');
  await bea.click({ channel: 'lucy-approvals', ts: bea.lastMessage('lucy-approvals').ts }, 'Review');
  await world.slack.waitFor(() => bea.modal());
  await bea.submit({ Reason: 'nothing happened' });
  await world.slack.waitFor(() => bea.modal()?.reads.includes('Sign the review'));
  await bea.submit();
  await world.slack.settled();
  await world.pumpAll();

  expect(feed(world, 'lucy-approvals').at(-1)).toBe(
    'Bea reviewed the break-glass by Olu: nothing was done under it.',
  );
});

test('left alone it ends by itself, and Olu is told directly', async () => {
  const world = await brokenInSlack();
  world.clock.advance(30 * 60_000);

  await world.tick();
  await world.pumpAll();

  expect(world.olu.dm().map((message) => message.text)).toEqual([
    expect.stringMatching(/^The break-glass by Olu is over since .* and it waits for a review\.$/),
  ]);
});

test('typed without its ticket it asks for it in a form', async () => {
  const world = await slackWorld();
  const olu = world.slack.as('olu');

  await olu.say('incidents', '/lucy break-glass start --reason "customers are locked out"');
  const modal = await world.slack.waitFor(() => olu.modal());

  expect(modal.reads).toContain('Ticket');
  await olu.submit({ Ticket: 'INC-7' });
  const preview = await world.slack.waitFor(() => {
    const reads = olu.modal()?.reads ?? '';
    return reads.includes('Break the glass for 30 minutes?') ? reads : null;
  });
  expect(preview).toContain('customers are locked out');
});

test('support is refused where it is typed, and nobody is alarmed', async () => {
  const world = await slackWorld();
  const sam = world.slack.as('sam');

  await sam.say('support', line);
  await seen(world, 'sam', 'support', 'Breaking the glass needs the role oncall or admin');
  await world.pumpAll();

  expect(feed(world, 'lucy-approvals')).toEqual([]);
  expect(await world.database.knex('break_glass')).toEqual([]);
});
