import { expect, test } from 'vitest';
import { signatureHeaders } from '#sandbox/slack/to-lucy/sign.ts';
import { changedTables, fingerprint } from '#test/world/fingerprint.ts';
import { slackSecrets } from '#test/world/slack-world.ts';
import { members } from './principals.ts';
import { samsThings } from './sams-things.ts';
import { cardPlace, matrixWorld } from './slack-matrix.ts';

const form = 'application/x-www-form-urlencoded';

/** Bea's click on Approve, byte for byte as Slack would send it, and a way to knock with it. */
async function approveClick() {
  const world = await matrixWorld();
  const asked = await samsThings(world.runner).asked();
  world.clock.advance(5_000);
  const { id, teamId } = members.billing;
  const click = (triggerId = 'matrix.approve.1', value = asked.pointer) =>
    `payload=${encodeURIComponent(
      JSON.stringify({
        type: 'block_actions',
        user: { id, team_id: teamId },
        team: { id: teamId },
        trigger_id: triggerId,
        container: { type: 'message', is_ephemeral: false, message_ts: '1.000001', channel_id: cardPlace },
        channel: { id: cardPlace, name: 'lucy-approvals' },
        actions: [{ type: 'button', block_id: 'b', action_id: 'approve:0', value }],
      }),
    )}`;
  const now = Math.floor(world.clock.now() / 1000);
  const signed = (body: string, at = now, secret = slackSecrets.signingSecret) => ({
    'content-type': form,
    ...signatureHeaders(secret, at, body),
  });
  const knock = async (body: string, headers: Record<string, string>): Promise<number> => {
    const { status } = await fetch(world.eventsUrl, { method: 'POST', headers, body });
    return status;
  };
  const state = async () => (await world.database.knex('approvals').first('state')).state;
  const granted = async () => (await world.database.knex('credit_entries')).length;
  return { world, asked, click, signed, now, knock, state, granted };
}

test('an approval that is unsigned, wrongly signed, stale, from the future or in an ssl_check has no effect', async () => {
  const { world, click, signed, now, knock, state } = await approveClick();
  const body = click();
  const before = await fingerprint(world.database);
  const forged: [what: string, body: string, headers: Record<string, string>, status: number][] = [
    ['without a signature', body, { 'content-type': form }, 401],
    ['signed with another secret', body, signed(body, now, 'another-secret'), 401],
    ['signed with an empty secret', body, signed(body, now, ' '), 401],
    ['the signature of another body', body, signed(click('matrix.approve.2')), 401],
    ['one byte more than was signed', `${body}&x=1`, signed(body), 401],
    ['five minutes and a second old', body, signed(body, now - 301), 401],
    ['five minutes and a second ahead', body, signed(body, now + 301), 401],
    ['a day ahead', body, signed(body, now + 86_400), 401],
    ['its signature kept and its time renewed', body, reTimed(signed(body, now - 301), now), 401],
    ['in an ssl_check', `ssl_check=1&${body}`, { 'content-type': form }, 200],
    ['in a signed ssl_check', `ssl_check=1&${body}`, signed(`ssl_check=1&${body}`), 200],
  ];

  for (const [what, sent, headers, status] of forged) expect(await knock(sent, headers), what).toBe(status);

  expect(changedTables(before, await fingerprint(world.database))).toEqual([]);
  // And the same click, signed now, counts: it was the signature alone that kept the others out.
  expect(await knock(body, signed(body))).toBe(200);
  await expect.poll(state).toBe('approved');
});

test('an approval that is replayed, at once, again and in another process, counts once', async () => {
  const { world, click, signed, knock, state, granted } = await approveClick();
  const body = click();
  const other = await world.another();

  const headers = signed(body);
  await Promise.all([knock(body, headers), knock(body, headers), knock(body, headers)]);
  await expect.poll(state).toBe('approved');
  await knock(body, headers);
  await fetch(other.eventsUrl, { method: 'POST', headers, body });
  const again = click('matrix.approve.again');
  await knock(again, signed(again));
  await world.slack.settled();

  expect(await granted()).toBe(1);
  expect(await world.database.knex('approval_votes')).toHaveLength(1);
});

const nothing: number[] = [];

test.each([
  [
    'of another world of this approval',
    (pointer: string) => `${pointer.split(':')[0]}:0123456789abcdef`,
    nothing,
  ],
  ['without a world', (pointer: string) => pointer.split(':')[0] ?? '', nothing],
  ['of no approval', () => 'apr_00000000000000000000000000:0123456789abcdef', nothing],
  ['that is empty', () => '', nothing],
  ['that is a line to run', () => 'credits grant sofia@firm.com 5 --reason "x" --yes', nothing],
  // What follows a genuine pointer is never read: it approves what was asked, and nothing else.
  ['with an amount behind it', (pointer: string) => `${pointer}:credits=1000000`, [6000]],
])('a well signed approval with a value %s does no more than the row says', async (_what, forge, amounts) => {
  const { world, asked, click, signed, knock } = await approveClick();
  const body = click('matrix.approve.forged', forge(asked.pointer));

  expect(await knock(body, signed(body))).toBe(200);
  await world.slack.waitFor(() => world.slack.as(members.billing.id).dm().length > 0);

  const entries = await world.database.knex('credit_entries').select('amount');
  expect(entries.map(({ amount }) => amount)).toEqual(amounts);
});

function reTimed(headers: Record<string, string>, at: number): Record<string, string> {
  return { ...headers, 'X-Slack-Request-Timestamp': String(at) };
}
