import { bot, people } from '#sandbox/cast.ts';
import type { ClientMessage } from '#sandbox/slack/client-contract.ts';
import { approvalBlocks, everyElementBlocks, tableBlocks } from './canned-cards.ts';
import { hostileBlocks, hostileLink, hostileText } from './hostile-blocks.ts';

const channel = {
  support: 'C0SUPPORT1',
  entitlements: 'C0ENTITLE1',
  approvals: 'C0APPROVE1',
  billing: 'C0BILLING1',
  oncall: 'C0ONCALL01',
};

/** Seconds of 2026-11-20 and 21, so that a day ends between them. */
const yesterday = 1_795_170_000;
const today = 1_795_253_400;

/** What was said before the test began. */
export function cannedMessages(): ClientMessage[] {
  let count = 0;
  const say = (at: number, where: string, user: string, text: string, more: Partial<ClientMessage> = {}) => {
    count += 1;
    const ts = `${at}.${String(count).padStart(6, '0')}`;
    return { ts, channel: where, user, text, isEphemeral: false, replyCount: 0, isForMe: false, ...more };
  };
  const root = say(
    today,
    channel.support,
    people.sam.id,
    'Sofia from *firm.com* lost an upload, :eyes: on it. She wrote in <https://desk.example/tickets/812|ZD-812>.',
    { replyCount: 2 },
  );
  return [
    say(
      yesterday,
      channel.support,
      people.olu.id,
      'Webhooks were slow for ten minutes, all caught up now :white_check_mark:',
    ),
    say(yesterday + 60, channel.support, people.olu.id, 'Nothing to do for support.'),
    root,
    say(today + 60, channel.support, people.bea.id, 'I can see `in_1QK2` twice in Stripe.', {
      threadTs: root.ts,
    }),
    say(today + 90, channel.support, people.sam.id, 'Thanks <@U0BEA00001>, I ask for a refund.', {
      threadTs: root.ts,
    }),
    say(today + 200, channel.support, people.sam.id, 'Giving her the credits back meanwhile.', {
      editedAt: `${today + 230}.000001`,
    }),
    say(today + 260, channel.approvals, bot.userId, 'Refund of €49.00 awaits a decision', {
      blocks: approvalBlocks(),
    }),
    say(today + 300, channel.billing, bot.userId, 'Reconciliation', { blocks: tableBlocks() }),
    say(today + 310, channel.oncall, bot.userId, 'Elements', { blocks: everyElementBlocks() }),
    say(today + 320, channel.entitlements, people.gus.id, `${hostileText} ${hostileLink}`),
    say(today + 321, channel.entitlements, bot.userId, 'Hostile', { blocks: hostileBlocks() }),
  ];
}
