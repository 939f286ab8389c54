import type { SeenMessage } from '#sandbox/slack/person/seen.ts';
import { slackWorldWithSofia } from './slack-grant.ts';
import { castSettings, type SlackWorld, seen } from './slack-world.ts';

/** More than Sam may give alone. */
export const overLimitLine =
  '/lucy credits grant sofia@firm.com 900 --reason "outage in May" --ticket ZD-900';

export const approvals = 'lucy-approvals';

export type AskedWorld = SlackWorld & {
  /** The card in the approvals channel. */
  card(): { ts: string; reads: string; channel: string };
  at(): { channel: string; ts: string };
  balance(): Promise<number>;
  approvalId(): Promise<string>;
};

/** Sam asked for more than he may give alone; the card stands in the approvals channel, long enough to be read. */
export async function askedWorld(
  options: Parameters<typeof slackWorldWithSofia>[0] & { line?: string } = {},
): Promise<AskedWorld> {
  const { line = overLimitLine, ...rest } = options;
  const world = await slackWorldWithSofia({ settings: castSettings, ...rest });
  const sam = world.slack.as('sam');
  // So that Lucy has read who is in which group.
  await sam.say('support', line);
  const preview = await seen(world, 'sam', 'support', '?');
  await sam.click({ channel: 'support', ts: preview.ts }, 'Ask for approval');
  await seen(world, 'sam', 'support', 'Asked in #lucy-approvals');
  await world.pumpAll();
  world.clock.advance(5_000);
  const card = () => {
    const found = world.slack.messages(approvals)[0];
    if (!found) throw new Error('There is no card in the approvals channel');
    return found;
  };
  return {
    ...world,
    card,
    at: () => ({ channel: approvals, ts: card().ts }),
    async balance() {
      const row = await world.database.knex('credit_accounts').first('balance');
      return row?.balance ?? 0;
    },
    async approvalId() {
      const row = await world.database.knex('approvals').orderBy('id', 'desc').first('id');
      return row.id;
    },
  };
}

/** What somebody reads privately in the approvals channel after a click. */
export function told(world: SlackWorld, handle: string, text: string): Promise<SeenMessage> {
  const person = world.slack.as(handle);
  return world.slack.waitFor(() => {
    const last = person.messages(approvals).findLast((message) => message.isEphemeral);
    return last?.reads.includes(text) ? last : null;
  });
}
