import { onTestFinished } from 'vitest';
import { type Mailbox, startMailbox } from '#sandbox/mail/mailbox.ts';
import type { Decline } from '#sandbox/stripe/objects/charge.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { createSmtpGateway } from '#src/gateways/smtp.ts';
import { deliverMails, type MailDeps } from '#src/mails/deliver.ts';
import { type RefundWorld, refundWorld } from './refund-world.ts';

export type DunningWorld = RefundWorld & {
  mailbox: Mailbox;
  mails: MailDeps;
  subscription: string;
  /** Sofia's renewal is declined (and once more, if told how), and Lucy hears of it; answers its invoice. */
  fails(again?: { decline?: Decline; last?: boolean }): Promise<string>;
  /** Time goes by, and what is due then happens. */
  after(ms: number): Promise<void>;
  /** Looks at the mails until nothing is due; answers the subjects that arrived meanwhile. */
  post(): Promise<string[]>;
  /** The mails of the database, as `stage state`. */
  states(): Promise<string[]>;
};

export const HOUR_MS = 3_600_000;

export const acme = settingsSchema.shape.mail.parse({
  product: 'Acme',
  support: 'help@acme.example',
  reply_to: 'Acme billing <billing@acme.example>',
});

/** Sofia subscribes to pro with 72 hours of grace, at the local Stripe, with a real mail server to write to. */
export async function dunningWorld(
  options: { graceHours?: number; timeoutMs?: number; login?: { user: string; pass: string } } = {},
): Promise<DunningWorld> {
  const world = await refundWorld(options.graceHours === undefined ? {} : { graceHours: options.graceHours });
  const mailbox = await startMailbox({
    now: world.clock.now,
    ...(options.login ? { login: options.login } : {}),
  });
  onTestFinished(() => mailbox.close());
  world.stripe.world.savePortalSettings();
  const { subscription } = world.subscribed();
  await world.booked();
  const mails: MailDeps = {
    database: world.database,
    settings: { ...world.runner.settings, mail: acme },
    clock: world.clock,
    log: world.runner.log,
    stripe: world.gateway,
    mail: {
      gateway: createSmtpGateway(mailbox.smtpUrl, { timeoutMs: options.timeoutMs ?? 5_000 }),
      from: { name: 'Acme', address: 'billing@acme.example' },
    },
    state: { off: null },
    random: () => 0.5,
  };
  return {
    ...world,
    mailbox,
    mails,
    subscription,
    async fails(again) {
      const invoice = world.stripe.world.renew(subscription, { payment: 'later' });
      if (!invoice) throw new Error('There was nothing to renew');
      world.stripe.world.finishRenewal(invoice.id, 'declined');
      if (again) world.stripe.world.failInvoice(invoice.id, again);
      await world.booked();
      return invoice.id;
    },
    async after(ms) {
      world.clock.advance(ms);
      await world.booked();
    },
    async post() {
      const before = mailbox.mails().length;
      while ((await deliverMails(mails)) > 0);
      return mailbox
        .mails()
        .slice(before)
        .map(({ headers }) => headers.get('subject') ?? '');
    },
    async states() {
      const rows: { stage: string; state: string }[] = await world.database.knex('mails').orderBy('id');
      return rows.map(({ stage, state }) => `${stage} ${state}`);
    },
  };
}
