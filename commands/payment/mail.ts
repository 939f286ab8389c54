import { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import { type GracePeriodRow, listGraces } from '#db/grace-periods.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { findCustomer } from '#src/customers/find.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { composeMail } from '#src/mails/compose.ts';
import { factsOf, type MailFacts, readSubject } from '#src/mails/facts.ts';
import { askStripe } from '#src/payments/require-stripe.ts';
import type { Reply } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { choiceField, customerField } from '#src/runner/fields.ts';

const stageField = choiceField(['start', 'reminder', 'expired', 'recovered'], {
  label: 'Preview',
  hint: 'Nothing is sent: Lucy sends each by herself when it is time',
});

/** Playbook, failed payments 4: what the customer reads, before anybody reads it. */
export const paymentMail = defineLookup({
  name: 'payment mail',
  summary: 'Read a mail about a failed payment as the customer would; nothing is sent',
  examples: ['payment mail sofia@firm.com --preview start'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ email: customerField, preview: stageField }),
  positionals: ['email'],

  async answer({ email, preview }, { sql, settings, stripe, cause }) {
    const customer = await findCustomer(sql, email);
    const [grace] = await listGraces(sql, customer.id);
    const facts = grace
      ? await askStripe(stripe, (gateway) => readFacts(sql, settings, gateway, grace, preview))
      : exampleFacts(settings, customer.email, preview, cause.now);
    const mail = composeMail(settings.mail, facts);
    return {
      tone: 'info',
      title: `The mail “${preview}” to ${facts.to}, as it would read now. Nothing was sent.`,
      facts: [
        { label: 'To', value: facts.to },
        { label: 'Subject', value: mail.subject },
      ],
      ...(grace ? {} : { warnings: ['They have no failed payment, so amounts and times are made up.'] }),
      ...(cause.surface === 'slack' ? inSlack(preview, mail) : inFull(mail)),
      correlationId: cause.correlationId,
      json: { to: facts.to, stage: preview, isExample: !grace, ...mail },
    };
  },
});

type Texts = ReturnType<typeof composeMail>;

function inFull({ text, html }: Texts): Partial<Reply> {
  const lines = (written: string) => written.split('\n').map((line) => [line]);
  return {
    sections: [
      { heading: 'Plain text', lines: lines(text) },
      { heading: 'HTML', lines: lines(html.trim()) },
    ],
  };
}

/** What a customer’s mail program shows, not its source: that is a file to open. */
function inSlack(preview: string, { text, html }: Texts): Partial<Reply> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return {
    sections: [{ heading: 'Plain text', lines: lines.map((line) => [line]) }],
    hint: 'With the colours that they see, open the file.',
    file: { name: `mail-${preview}.html`, text: html },
  };
}

/** A link that works is made only for a mail that is sent. */
const links = {
  portalUrl: 'https://billing.stripe.com/made-when-the-mail-is-sent',
  payUrl: 'https://invoice.stripe.com/of-the-open-invoice',
};

async function readFacts(
  sql: Sql,
  settings: Settings,
  stripe: StripeGateway,
  grace: GracePeriodRow,
  stage: MailFacts['stage'],
): Promise<MailFacts> {
  const subject = await readSubject(sql, settings, stripe, grace.id);
  if (!subject) throw new Error(`Grace ${grace.id} vanished`);
  return { ...(await factsOf(settings, stripe, stage, subject)), ...links };
}

function exampleFacts(settings: Settings, to: string, stage: MailFacts['stage'], now: number): MailFacts {
  return {
    stage,
    to,
    amount: '$49.00',
    invoiceNumber: 'EXAMPLE-0001',
    why: 'There is not enough money on the card’s account.',
    ask: 'see that the account has enough money, or add another card in the billing portal',
    nextTry: { at: now + 72 * HOUR_MS },
    deadlineAt: now + 48 * HOUR_MS,
    tier: settings.tiers.at(-1) ?? 'pro',
    lowestTier: settings.tiers[0] ?? 'free',
    ...links,
  };
}
