import type { CustomerRow } from '#db/customers.ts';
import { isoTime } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import type { FetchedSubscription } from '#src/gateways/stripe.ts';
import { ChoiceNeeded } from '#src/replies/choice-needed.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { ReplyButton, Value } from '#src/replies/reply.ts';
import type { CancelInput } from './gather.ts';

/** The one subscription, or the question which: two are never guessed between. */
export function chooseSubscription(
  input: CancelInput,
  customer: CustomerRow,
  running: readonly FetchedSubscription[],
): FetchedSubscription {
  const [first, ...more] = running;
  if (first && more.length === 0) return first;
  throw new ChoiceNeeded({
    tone: 'info',
    title: `${customer.email} has ${counted(running.length, 'subscription')}: which one is to end? Nothing was asked for yet.`,
    sections: [{ heading: 'Subscriptions', table: { columns, rows: running.map(rowOf) } }],
    hint: 'Choose one; you see a preview first.',
    buttons: running.map((subscription) => buttonOf(input, subscription)),
    json: {
      subscriptions: running.map(({ id, status, createdAt, cancelAt }) => ({
        id,
        status,
        since: isoTime(createdAt),
        endsAt: cancelAt === null ? null : isoTime(cancelAt),
      })),
    },
  });
}

const columns = ['Since', 'Subscription', 'What for', 'State'];

function rowOf({ id, status, items, createdAt, cancelAt }: FetchedSubscription): Value[] {
  const prices = items.map((item) => item.lookupKey ?? item.priceId).join(', ');
  const state = status.replaceAll('_', ' ');
  return [
    { at: createdAt },
    { code: id },
    prices || 'nothing',
    cancelAt === null ? state : `${state}, ends already`,
  ];
}

function buttonOf({ at, reason, ticket }: CancelInput, { id, items }: FetchedSubscription): ReplyButton {
  return {
    kind: 'command',
    label: `End ${items[0]?.lookupKey ?? id}`,
    line: lineWithFlags(`subscription cancel ${id}`, [
      ['at', at],
      ['reason', reason],
      ['ticket', ticket],
    ]),
  };
}
