import type { Sql } from '#db/connection.ts';
import { listTriedMails } from '#db/mails.ts';
import { MailFailure } from '#src/gateways/mail.ts';

/** How mails are set up in this process. */
export type MailState = {
  /** Why there is no mail; null when there is. */
  off: string | null;
};

const setup = 'The mail server does not take Lucy’s login or sender';
const away = 'The mail server does not take mails now';

/** Why a mail waits, for its row: what is the mail server's fault can be told from what is Stripe's. */
export function whyWaits(error: unknown, word: string): string {
  if (!(error instanceof MailFailure)) return word;
  return `${error.problem === 'setup' ? setup : away}: ${word}`;
}

/**
 * For `/health`, from the rows: the same for every process, whichever tried. Mail that is off by choice is not a fault.
 */
export async function mailHealth(
  sql: Sql,
  state: MailState,
): Promise<{ state: 'ok' | 'degraded'; detail: string }> {
  if (state.off !== null) return { state: 'ok', detail: state.off };
  const errors = (await listTriedMails(sql, 100)).map(({ error }) => error ?? '');
  const trouble = [setup, away].find((words) => errors.some((error) => error.startsWith(words)));
  return trouble === undefined
    ? { state: 'ok', detail: 'Mails are sent.' }
    : { state: 'degraded', detail: `${trouble}; what waits is kept.` };
}
