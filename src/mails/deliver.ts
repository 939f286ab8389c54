import type { Database } from '#db/connection.ts';
import {
  leaseMail,
  listDueMails,
  listMailsOfGrace,
  type MailRow,
  markMailSending,
  settleMail,
} from '#db/mails.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { type Clock, MINUTE_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import type { Mailbox } from '#src/core/settings-mail.ts';
import { readMailbox } from '#src/core/settings-mail.ts';
import { MailFailure, type MailGateway, type OutgoingMail } from '#src/gateways/mail.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { isStripeTrouble, StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import { recordPortalFailure } from '#src/payments/portal-failure.ts';
import { composeMail } from './compose.ts';
import { factsOf, type MailSubject, readSubject } from './facts.ts';
import type { MailState } from './health.ts';
import { giveUpMail, postponeMail, settleMailTrouble } from './trouble.ts';
import { timingOf } from './why-not.ts';

export type MailDeps = {
  database: Database;
  settings: Settings;
  clock: Clock;
  log: Log;
  stripe: StripeGateway;
  /** Null: mail is off, and mails are skipped. */
  mail: { gateway: MailGateway; from: Mailbox } | null;
  state: MailState;
  /** From 0 to 1, for the jitter. */
  random?: () => number;
  /** Named places at which a test may stop the worker for ever. */
  crashPoint?: (name: 'mail about to be sent' | 'mail sent') => Promise<void>;
};

/** Longer than Stripe and the mail server together can take, so that a lease that ran out means a process that died. */
const LEASE_MS = 5 * MINUTE_MS;
const BATCH_MAX = 20;

/** One look at the mails that are due; returns how many came to an end. Any number of processes may look. */
export async function deliverMails(deps: MailDeps): Promise<number> {
  const due = await listDueMails(deps.database.knex, deps.clock.now(), BATCH_MAX);
  let ended = 0;
  for (const mail of due) if (await deliverMail(deps, mail)) ended += 1;
  return ended;
}

/** True when this mail came to an end. */
async function deliverMail(deps: MailDeps, mail: MailRow): Promise<boolean> {
  const sql = deps.database.knex;
  const now = deps.clock.now();
  const token = newId('lease', now);
  if (!(await leaseMail(sql, mail, token, now, now + LEASE_MS))) return false;
  // Whoever was sending it died, perhaps before the server had it, perhaps after. Two mails are worse than a look.
  if (mail.state === 'sending')
    return giveUpMail(deps, mail, token, 'unsure', 'The process that sent it ended in the middle.');
  if (!deps.mail) return skip(deps, mail, token, 'Mail is off: SMTP_URL or the sender is not set.');
  try {
    return await sendMail(deps, deps.mail, mail, token);
  } catch (error) {
    if (error instanceof MailFailure && error.problem === 'unsure')
      return giveUpMail(deps, mail, token, 'unsure', error.message);
    if (error instanceof MailFailure && error.problem === 'refused')
      return giveUpMail(deps, mail, token, 'dead', error.message);
    return postponeMail(deps, mail, token, error);
  }
}

async function sendMail(
  deps: MailDeps,
  { gateway, from }: NonNullable<MailDeps['mail']>,
  mail: MailRow,
  token: string,
): Promise<boolean> {
  const { settings, stripe, clock } = deps;
  const sql = deps.database.knex;
  const subject = await readSubject(sql, settings, stripe, mail.grace_id);
  const others = (await listMailsOfGrace(sql, mail.grace_id)).filter(({ id }) => id !== mail.id);
  const timing = timingOf(mail, subject, others, clock.now());
  if (timing.kind === 'never' || !subject)
    return skip(deps, mail, token, timing.kind === 'never' ? timing.why : '');
  if (timing.kind === 'later') {
    await settleMail(sql, mail.id, token, { next_attempt_at: timing.at, error: null });
    return false;
  }
  const written = await writeMail(deps, mail, subject, from);
  // From here on a crash leaves it open whether the customer has it, so it is written down first.
  if (!(await markMailSending(sql, mail.id, token))) return false;
  await deps.crashPoint?.('mail about to be sent');
  await gateway.send(written);
  await deps.crashPoint?.('mail sent');
  return settleSent(deps, mail, token);
}

/** It is sent, so nothing that fails from here on may send it again: the row stays “sending”, and ends unsure. */
async function settleSent(deps: MailDeps, mail: MailRow, token: string): Promise<boolean> {
  const { database, clock, log } = deps;
  try {
    await settleMail(database.knex, mail.id, token, { state: 'sent', error: null, ended_at: clock.now() });
    await settleMailTrouble(deps);
    log.info({ event: 'mail_sent', ...factsOfLog(mail) }, 'A mail was sent to a customer');
    return true;
  } catch (error) {
    log.error({ event: 'sent_not_settled', err: error, ...factsOfLog(mail) }, errorMessage(error));
    return false;
  }
}

async function writeMail(
  deps: MailDeps,
  mail: MailRow,
  subject: MailSubject,
  from: Mailbox,
): Promise<OutgoingMail> {
  const { settings, stripe } = deps;
  const facts = await factsOf(settings, stripe, mail.stage, subject);
  const isOwed = mail.stage !== 'recovered';
  const portalUrl = isOwed ? await portalLink(deps, mail, subject.stripeCustomerId) : null;
  const payUrl = isOwed && subject.invoice?.status === 'open' ? subject.invoice.hostedUrl : null;
  return {
    ...composeMail(settings.mail, { ...facts, portalUrl, payUrl }),
    messageId: `${mail.id}@${from.address.split('@')[1]}`,
    from,
    replyTo: settings.mail.reply_to ? readMailbox(settings.mail.reply_to) : null,
    to: subject.email,
    sentAt: deps.clock.now(),
  };
}

/** A mail without its link is better than none: the invoice's own page, and support, are in it, too. */
async function portalLink(deps: MailDeps, mail: MailRow, customer: string | null): Promise<string | null> {
  if (customer === null) return null;
  try {
    return await deps.stripe.createPortalLink(customer, 'forMail');
  } catch (error) {
    if (isStripeTrouble(error) || !(error instanceof StripeSaidNo)) throw error;
    await recordPortalFailure(deps.database.knex, scheduleCause(deps.clock.now(), `Mail ${mail.stage}`), {
      customerId: mail.customer_id,
      stripeCustomer: customer,
      error,
    });
    deps.log.warn({ event: 'portal_link_refused', ...factsOfLog(mail) }, errorMessage(error));
    return null;
  }
}

async function skip(deps: MailDeps, mail: MailRow, token: string, why: string): Promise<boolean> {
  await settleMail(deps.database.knex, mail.id, token, {
    state: 'skipped',
    error: why,
    ended_at: deps.clock.now(),
  });
  deps.log.info({ event: 'mail_skipped', ...factsOfLog(mail), why }, 'A mail was not sent');
  return true;
}

function factsOfLog(mail: MailRow) {
  const { id, stage, customer_id, correlation_id } = mail;
  return { mail: id, stage, customer: customer_id, correlationId: correlation_id };
}
