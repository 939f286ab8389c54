import { findCustomerById } from '#db/customers.ts';
import { type MailRow, settleMail } from '#db/mails.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, MINUTE_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { raiseFinding, settleFinding } from '#src/findings/open.ts';
import { MailFailure } from '#src/gateways/mail.ts';
import { backOffMs } from '#src/outbox/back-off.ts';
import type { MailDeps } from './deliver.ts';
import { whyWaits } from './health.ts';

/** A mail that waited longer says what is long past. */
const WAITS_MAX_MS = 3 * DAY_MS;
/** People are told after this many tries that the server takes nothing. */
const TELL_AFTER_ATTEMPTS = 3;
const SERVER = 'mail-server';

const said = {
  unsure:
    'whether it arrived nobody knows, because the mail server began to take it and did not say that it has it. It is not sent again.',
  dead: 'it cannot be delivered.',
};

/** Ends a mail that must not, or cannot, be sent; billing is told, because the customer may know nothing. */
export async function giveUpMail(
  deps: MailDeps,
  mail: MailRow,
  token: string,
  state: 'unsure' | 'dead',
  error: string,
): Promise<true> {
  const now = deps.clock.now();
  const email = (await findCustomerById(deps.database.knex, mail.customer_id))?.email ?? mail.customer_id;
  await inTransaction(deps.database, async (sql) => {
    if (!(await settleMail(sql, mail.id, token, { state, error, ended_at: now }))) return;
    await raiseFinding(sql, causeOf(mail, now), {
      kind: 'mail_undelivered',
      subject: mail.id,
      customerId: mail.customer_id,
      summary: `The mail to ${email} about a failed payment (${mail.stage}): ${said[state]}`,
      hint: 'Write to the customer by hand if they do not know yet; payment mail EMAIL shows the words.',
      evidence: { mail: mail.id, stage: mail.stage, error },
      tell: 'billing',
      buttons: [
        { kind: 'command', label: 'Show the words', line: `payment mail ${email} --preview ${mail.stage}` },
      ],
    });
  });
  deps.log.error(
    { event: `mail_${state}`, mail: mail.id, stage: mail.stage, correlationId: mail.correlation_id, error },
    `A mail to a customer ended ${state}`,
  );
  return true;
}

/** Not sent, for nobody's fault of its own: later, unless it waited too long already. */
export async function postponeMail(
  deps: MailDeps,
  mail: MailRow,
  token: string,
  error: unknown,
): Promise<boolean> {
  const now = deps.clock.now();
  const word = errorMessage(error);
  if (now - mail.created_at > WAITS_MAX_MS) return giveUpMail(deps, mail, token, 'dead', word);
  const attempts = mail.attempts + 1;
  const pauseMs = Math.max(backOffMs(attempts + 3, deps.random ?? Math.random), MINUTE_MS / 4);
  await settleMail(deps.database.knex, mail.id, token, {
    state: 'pending',
    attempts,
    next_attempt_at: now + pauseMs,
    error: whyWaits(error, word),
  });
  deps.log.warn(
    { event: 'mail_postponed', mail: mail.id, correlationId: mail.correlation_id, attempts, pauseMs },
    word,
  );
  if (error instanceof MailFailure && attempts >= TELL_AFTER_ATTEMPTS) await tellOnCall(deps, mail, word);
  return false;
}

async function tellOnCall(deps: MailDeps, mail: MailRow, word: string): Promise<void> {
  const cause = causeOf(mail, deps.clock.now());
  await inTransaction(deps.database, async (sql) => {
    await raiseFinding(sql, cause, {
      kind: 'mail_undelivered',
      subject: SERVER,
      customerId: null,
      summary: 'Mails to customers wait: the mail server takes none of them.',
      hint: 'Look at SMTP_URL and MAIL_FROM, and at the mail server. What waits is sent as soon as it can be.',
      evidence: { error: word },
      tell: 'oncall',
    });
  });
}

/** Something was sent: the server is there again. */
export async function settleMailTrouble(deps: MailDeps): Promise<void> {
  await settleFinding(deps.database.knex, 'mail_undelivered', SERVER, deps.clock.now());
}

function causeOf(mail: MailRow, now: number): Cause {
  return {
    actor: scheduleActor,
    surface: 'job',
    correlationId: mail.correlation_id,
    reason: `Mail ${mail.stage}`,
    ticket: null,
    runId: null,
    now,
  };
}
