import type { MailSettings } from '#src/core/settings-mail.ts';
import { defang } from '#src/core/text.ts';
import type { MailFacts } from './facts.ts';
import { htmlOf, type MailBody } from './html.ts';

/** A mail as a person reads it, in both its forms. */
export type Composed = { subject: string; text: string; html: string };

/** Writes a mail: the same words as plain text and as HTML (playbook, failed payments 4). */
export function composeMail(settings: MailSettings, facts: MailFacts): Composed {
  const { product } = settings;
  const { subject, ...said } = stages[facts.stage](product, facts);
  const body: MailBody = { ...said, links: linksOf(facts), footer: footerOf(settings) };
  return { subject: defang(subject), text: textOf(body), html: htmlOf(body) };
}

type Said = { subject: string; heading: string; paragraphs: string[]; steps: string[] };

const stages: Readonly<Record<MailFacts['stage'], (product: string, facts: MailFacts) => Said>> = {
  start: (product, facts) => ({
    subject: `Your payment for ${product} did not go through`,
    heading: 'Your payment did not go through',
    paragraphs: [
      sentences(`We could not collect ${sum(facts)} for ${product}.`, facts.why),
      `Nothing changes for now: you keep everything until ${when(facts.deadlineAt)}.`,
      nextTry(facts),
    ],
    steps: steps(facts),
  }),
  reminder: (product, facts) => ({
    subject: `Until ${day(facts.deadlineAt)}: your payment for ${product} is still open`,
    heading: 'Your payment is still open',
    paragraphs: [
      sentences(`${capital(sum(facts))} for ${product} could still not be collected.`, facts.why),
      `You keep everything until ${when(facts.deadlineAt)}. After that your account goes down to ${facts.lowestTier}.`,
      nextTry(facts),
    ],
    steps: steps(facts),
  }),
  expired: (product, facts) => ({
    subject: `Your access to ${product} has changed`,
    heading: `Your account is now on ${facts.lowestTier}`,
    paragraphs: [
      sentences(`${capital(sum(facts))} for ${product} could not be collected in time.`, facts.why),
      'Your data is kept. As soon as the payment arrives, you get everything back by itself.',
      nextTry(facts),
    ],
    steps: steps(facts),
  }),
  recovered: (product, facts) => ({
    subject: `Thank you: your payment for ${product} arrived`,
    heading: 'Thank you, your payment arrived',
    paragraphs: [
      `${facts.amount === null ? 'Your payment' : `Your payment of ${facts.amount}`} for ${product} arrived, and your account is on ${facts.tier}. There is nothing more to do.`,
    ],
    steps: [],
  }),
};

function steps(facts: MailFacts): string[] {
  const first = facts.ask ?? 'add another card in the billing portal';
  return [
    `${capital(first)}.`,
    ...(facts.payUrl === null ? [] : ['To be done at once, pay the open invoice with any card.']),
    'If you paid already, you need not do anything.',
  ];
}

function nextTry({ nextTry, deadlineAt, stage }: MailFacts): string {
  if (nextTry === null) return '';
  if (nextTry === 'none') return 'We will not try your card again by ourselves, so please act on this.';
  const isTooLate = stage !== 'expired' && nextTry.at >= deadlineAt;
  return `We try your card again on ${when(nextTry.at)}${isTooLate ? ', which is too late to keep everything' : ''}.`;
}

function sum({ amount, invoiceNumber }: MailFacts): string {
  const invoice = invoiceNumber === null ? '' : ` (invoice ${invoiceNumber})`;
  return amount === null ? `your payment${invoice}` : `${amount}${invoice}`;
}

function linksOf({ portalUrl, payUrl, stage }: MailFacts): MailBody['links'] {
  if (stage === 'recovered') return [];
  return [
    ...(payUrl === null ? [] : [{ label: 'Pay the open invoice', url: payUrl }]),
    ...(portalUrl === null ? [] : [{ label: 'Open the billing portal', url: portalUrl }]),
  ].filter(({ url }) => /^https:\/\//.test(url));
}

function footerOf({ support, reply_to }: MailSettings): string[] {
  const help = support
    ? `Questions? We are happy to help: ${support}`
    : reply_to
      ? 'Questions? Reply to this mail; we are happy to help.'
      : 'Questions? Write to our support; we are happy to help.';
  return [help, 'This mail was sent automatically because a payment needed attention.'];
}

function textOf({ heading, paragraphs, steps, links, footer }: MailBody): string {
  const parts = [
    heading,
    ...paragraphs.filter(Boolean),
    ...(steps.length > 0
      ? [`What you can do:\n${steps.map((step, i) => `${i + 1}. ${step}`).join('\n')}`]
      : []),
    ...links.map(({ label, url }) => `${label}:\n${url}`),
    `--\n${footer.join('\n')}`,
  ];
  return `${parts.map((part) => defang(part, true)).join('\n\n')}\n`;
}

function sentences(...parts: (string | null)[]): string {
  return parts.filter(Boolean).join(' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const longDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });
const shortDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });

function when(at: number): string {
  return `${longDate.format(at)} UTC`;
}

function day(at: number): string {
  return shortDate.format(at);
}
