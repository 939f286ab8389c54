import type { MailFailure } from '#src/gateways/mail.ts';

/** What the last try said of the mail server, kept in the process for `/health`. */
export type MailState = {
  /** Why there is no mail; null when there is. */
  off: string | null;
  trouble: string | null;
};

export function mailTrouble(state: MailState, failure: MailFailure): void {
  state.trouble =
    failure.problem === 'setup'
      ? 'The mail server does not take Lucy’s login or sender; what waits is kept.'
      : 'The mail server does not take mails now; what waits is kept.';
}

/** For `/health`: mail that is off by choice is not a fault. */
export function mailHealth(state: MailState): { state: 'ok' | 'degraded'; detail: string } {
  if (state.off !== null) return { state: 'ok', detail: state.off };
  if (state.trouble !== null) return { state: 'degraded', detail: state.trouble };
  return { state: 'ok', detail: 'Mails are sent.' };
}
