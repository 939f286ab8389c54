import { expect, onTestFinished, test } from 'vitest';
import { startLocalLoki } from '#sandbox/observability/local-loki.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { createTelemetry } from '#src/gateways/telemetry.ts';
import { slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { castSettings, seen } from '#test/world/slack-world.ts';

async function observedSlack() {
  const loki = await startLocalLoki();
  onTestFinished(() => loki.close());
  const log_index = settingsSchema.shape.log_index.parse({
    loki: loki.url,
    grafana: { url: 'https://grafana.example', datasource: 'uid1' },
  });
  const settings = { ...castSettings, log_index };
  const world = await slackWorldWithSofia({ settings });
  world.runner.telemetry = createTelemetry(settings, {
    sentry: { apiUrl: 'https://sentry.example', authToken: null },
    logIndex: { token: null, user: null },
  });
  return { world, loki };
}

test('the card stands in #lucy-oncall, is edited in place by whoever goes on, and foreign text mentions nobody', async () => {
  const { world, loki } = await observedSlack();
  const line =
    '{"level":"error","event":"failed","msg":"<!channel> <@U0OLU00001> <https://evil.example|Approve> req-8f14"}';
  loki.push({ at: world.clock.now(), labels: { app: 'lucy' }, text: line });
  const sam = world.slack.as('sam');

  await sam.say('support', '/lucy investigate ZD-812 --request req-8f14');
  const preview = await seen(world, 'sam', 'support', 'Investigate ZD-812?');
  const at = { channel: 'support', ts: preview.ts };
  await Promise.all([sam.click(at, 'Open the case'), sam.click(at, 'Open the case')]);
  await seen(world, 'sam', 'support', 'The case of ZD-812 is open in #lucy-oncall');
  await world.pumpAll();

  const [card, ...others] = world.slack.messages('lucy-oncall').filter(({ text }) => text.includes('ZD-812'));
  expect(others).toEqual([]);
  expect(card?.text).toContain('Investigation of ZD-812: 2 of 4 steps done. Sam opened it.');
  const blocks = JSON.stringify(card?.blocks);
  expect(blocks).toContain('https://grafana.example/explore');
  expect(blocks).not.toMatch(/"type":"(user|broadcast|usergroup)"/);
  expect(blocks).not.toContain('"url":"https://evil.example');

  const olu = world.slack.as('olu');
  const there = { channel: 'lucy-oncall', ts: card?.ts ?? '' };
  await olu.click(there, 'Look again');
  await seen(world, 'olu', 'lucy-oncall', 'The case of ZD-812 in #lucy-oncall is up to date');
  await olu.click(there, 'Close …');
  const form = await world.slack.waitFor(() => olu.modal());
  expect(form.reads).toContain('No code has to change');
  await olu.closeModal();
  await olu.click(there, 'Link patch and test …');
  const link = await world.slack.waitFor(() => olu.modal());
  expect(link.reads).toContain('Regression test');
  await olu.closeModal();
  await olu.say('lucy-oncall', '/lucy investigation note ZD-812 "the second line wins"');
  const noted = await seen(world, 'olu', 'lucy-oncall', 'Add to the case of ZD-812');
  await olu.click({ channel: 'lucy-oncall', ts: noted.ts }, 'Add it');
  await seen(world, 'olu', 'lucy-oncall', 'Noted in the case of ZD-812');
  await world.pumpAll();

  const now = world.slack
    .messages('lucy-oncall')
    .filter(({ text }) => text.includes('Investigation of ZD-812'));
  expect(now.map(({ ts }) => ts)).toEqual([card?.ts]);
  expect(JSON.stringify(now[0]?.blocks)).toContain('the second line wins');
});

test('“trace” alone opens its form, and so does “investigate”', async () => {
  const { world } = await observedSlack();
  const sam = world.slack.as('sam');

  await sam.say('support', '/lucy trace');
  const form = await world.slack.waitFor(() => sam.modal());
  expect(form.reads).toContain('Id');
  expect(form.reads).toContain('Around');
  await sam.closeModal();
  await sam.say('support', '/lucy investigate');
  const second = await world.slack.waitFor(() => sam.modal());
  expect(second.reads).toContain('Request ID');
});

test('when the log index does not answer, the card offers to tell DevOps', async () => {
  const { world, loki } = await observedSlack();
  loki.down(true);
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy investigate ZD-7 --request req-8f14');
  const preview = await seen(world, 'sam', 'support', 'Investigate ZD-7?');
  await sam.click({ channel: 'support', ts: preview.ts }, 'Open the case');
  await seen(world, 'sam', 'support', 'The case of ZD-7 is open');
  await world.pumpAll();

  const [card] = world.slack.messages('lucy-oncall').filter(({ text }) => text.includes('ZD-7'));
  const olu = world.slack.as('olu');
  await olu.click({ channel: 'lucy-oncall', ts: card?.ts ?? '' }, 'Tell DevOps …');
  await seen(world, 'olu', 'lucy-oncall', 'Hand “the log index does not answer” to');
});
