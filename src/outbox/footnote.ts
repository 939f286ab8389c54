import type { OutboxRow } from '#db/outbox.ts';

/** Marks a send that may have gone through, in the row's own error text. */
export const UNSURE = 'unsure: ';

export function mayHaveGone(row: OutboxRow): boolean {
  return row.state === 'sending' || row.error?.startsWith(UNSURE) === true;
}

/** A process that died while sending, or a timeout, leaves it open whether the message is there already. */
export function footnoteOf(row: OutboxRow): string | undefined {
  return mayHaveGone(row)
    ? 'Slack gave no answer the first time, so this may repeat a message above.'
    : undefined;
}
