import { expect, test } from 'vitest';
import { signatureHeaders } from '#sandbox/slack/to-lucy/sign.ts';
import { seen, slackSecrets, slackWorld } from '#test/world/slack-world.ts';

test('with Slack down, Lucy starts at once, says to try again, and learns her workspace when Slack is back', async () => {
  const world = await slackWorld({ isSlackDown: true });
  const sam = world.slack.as('sam');
  expect(world.surface.health()).toMatchObject({ state: 'degraded' });

  await sam.say('support', '/lucy customer show sofia@firm.com');
  expect(sam.lastMessage('support').reads).toContain('Try again in a moment.');

  world.slack.faults.clear();
  await world.slack.waitFor(() => world.surface.health().state === 'ok', { timeoutMs: 6_000 });
  await sam.say('support', '/lucy customer show sofia@firm.com');
  expect(sam.lastMessage('support').reads).toContain('sofia@firm.com');
});

test('the workspace is known at the next start, before Slack says it again', async () => {
  const world = await slackWorld();
  await world.given('customer add sofia@firm.com');
  world.slack.faults.add({ method: 'auth.test', kind: 'http_500' });
  const next = await world.another({ isSlackAway: true });
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy customer show sofia@firm.com');
  const said = world.slack.deliveries.findLast((delivery) => delivery.kind === 'slash_command');
  const body = (said?.rawBody ?? '').replace(/trigger_id=[^&]*/, 'trigger_id=1.2.next');
  const signature = signatureHeaders(slackSecrets.signingSecret, Math.floor(world.clock.now() / 1000), body);

  const answer = await fetch(next.eventsUrl, {
    method: 'POST',
    headers: { ...said?.headers, ...signature },
    body,
  });

  expect(await answer.text()).toContain('sofia@firm.com is on free');
  expect(next.surface.health()).toMatchObject({ state: 'degraded' });
});

test('a token that Slack does not take is said by health and does not end the process', async () => {
  const world = await slackWorld({ isSlackDown: true });
  world.slack.faults.clear();
  world.slack.faults.add({ method: 'auth.test', kind: 'error', error: 'invalid_auth' });

  await world.slack.waitFor(() => /invalid_auth/.test(world.surface.health().detail), { timeoutMs: 6_000 });

  expect(world.surface.health().state).toBe('degraded');
});

test('Socket Mode: a grant goes there and back over the socket, also after a refresh', async () => {
  const world = await slackWorld({ isSocketMode: true, slack: { appToken: 'xapp-local-app-token' } });
  await world.given('customer add sofia@firm.com');
  const sam = world.slack.as('sam');

  await sam.say('support', '/lucy credits grant sofia@firm.com 100 --reason "lost upload"');
  const { ts } = sam.lastMessage('support');
  await sam.click({ channel: 'support', ts }, 'Grant 100 credits');
  await seen(world, 'sam', 'support', '100 credits granted');
  expect(world.slack.deliveries.every((delivery) => delivery.transport === 'socket')).toBe(true);

  world.slack.refreshSockets();
  await world.slack.waitFor(() => world.slack.socketConnections() === 0, { timeoutMs: 20_000 });
  await world.slack.waitFor(() => world.slack.socketConnections() > 0, { timeoutMs: 6_000 });
  await sam.say('support', '/lucy credits grant');
  expect(sam.modal()?.title).toBe('Credits grant');
  expect((await fetch(world.eventsUrl, { method: 'POST' })).status).toBe(404);
});

test('Socket Mode with Slack down at start connects when Slack is back', async () => {
  const world = await slackWorld({
    isSocketMode: true,
    isSlackDown: true,
    slack: { appToken: 'xapp-local-app-token' },
  });
  expect(world.surface.health().state).toBe('degraded');

  world.slack.faults.clear();
  await world.slack.waitFor(() => world.surface.health().state === 'ok', { timeoutMs: 20_000 });

  expect(world.slack.socketConnections()).toBe(1);
});
