import { expect, test } from 'vitest';
import { startMailbox } from '#sandbox/mail/mailbox.ts';
import { mailSettings, readMailbox } from '#src/core/settings-mail.ts';
import type { MailFailure } from '#src/gateways/mail.ts';
import { createSmtpGateway } from '#src/gateways/smtp.ts';
import { composeMail } from '#src/mails/compose.ts';
import type { MailFacts } from '#src/mails/facts.ts';

const facts: MailFacts = {
  stage: 'start',
  to: 'sofia@firm.com',
  amount: '$49.00',
  invoiceNumber: 'A-0001',
  why: null,
  ask: null,
  nextTry: null,
  deadlineAt: Date.UTC(2026, 10, 24, 9),
  tier: 'pro',
  lowestTier: 'free',
  portalUrl: null,
  payUrl: null,
};
const acme = mailSettings.parse({ product: 'Acme' });

async function sent(mail: { subject?: string; to?: string; name?: string }) {
  const mailbox = await startMailbox();
  try {
    await createSmtpGateway(mailbox.smtpUrl, { timeoutMs: 2_000 }).send({
      ...composeMail(acme, facts),
      messageId: 'mail_1@acme.example',
      from: { name: mail.name ?? 'Acme', address: 'billing@acme.example' },
      replyTo: null,
      to: mail.to ?? 'sofia@firm.com',
      sentAt: 0,
      ...(mail.subject === undefined ? {} : { subject: mail.subject }),
    });
    return mailbox.mails();
  } finally {
    await mailbox.close();
  }
}

test('what a machine sends says so, and can be told again by its id', async () => {
  const [mail] = await sent({});

  expect(Object.fromEntries(mail?.headers ?? [])).toMatchObject({
    from: 'Acme <billing@acme.example>',
    to: 'sofia@firm.com',
    'message-id': '<mail_1@acme.example>',
    'auto-submitted': 'auto-generated',
    'x-auto-response-suppress': 'All',
    date: 'Thu, 01 Jan 1970 00:00:00 +0000',
  });
  expect(mail?.text).toContain('We could not collect $49.00 (invoice A-0001) for Acme.');
  expect(mail?.html).toContain('We could not collect $49.00 (invoice A-0001) for Acme.');
});

test.each([
  'Hello\r\nBcc: thief@evil.example',
  'Hello\nBcc: thief@evil.example',
  'Hello\u2028Bcc: thief@evil.example',
  'Hello\rBcc: thief@evil.example',
])('a subject cannot begin another header: %j', async (subject) => {
  const [mail] = await sent({ subject });

  expect(mail?.headers.has('bcc')).toBe(false);
  expect(mail?.envelope.to).toEqual(['sofia@firm.com']);
  expect(mail?.headers.get('subject')).toContain('thief@evil.example');
});

test('a sender’s name cannot either', async () => {
  const [mail] = await sent({ name: 'Acme"\r\nBcc: thief@evil.example\r\nX: "' });

  expect(mail?.headers.has('bcc')).toBe(false);
  expect(mail?.envelope).toEqual({ from: 'billing@acme.example', to: ['sofia@firm.com'] });
});

test.each([
  'sofia@firm.com\r\nRCPT TO:<thief@evil.example>',
  'sofia@firm.com, thief@evil.example',
  'sofia@firm.com>\r\n',
  'sofia@firm.com thief@evil.example',
  '<sofia@firm.com>',
  'sofia',
  '',
])('an address that is more than one address is refused: %j', async (to) => {
  await expect(sent({ to })).rejects.toMatchObject({ problem: 'refused' } satisfies Partial<MailFailure>);
});

test('nothing in a mail becomes HTML of its own', () => {
  const nasty = '<script>alert(1)</script>"\'&<img src=x onerror=alert(1)>';
  const { html, text } = composeMail(
    { ...acme, product: nasty, support: `https://acme.example/?${nasty}` },
    {
      ...facts,
      amount: nasty,
      invoiceNumber: nasty,
      why: nasty,
      ask: nasty,
      lowestTier: nasty,
      payUrl: `https://x.example/"><script>`,
    },
  );

  expect(html).not.toMatch(/<script|<img/i);
  expect(html.match(/href="[^"]*"/g)).toEqual(['href="https://x.example/&quot;&gt;&lt;script&gt;"']);
  expect(text).toContain(nasty);
});

test.each(['javascript:alert(1)', 'http://plain.example/', 'data:text/html,x'])(
  'a link is https or none: %s',
  (url) => {
    const { html, text } = composeMail(acme, { ...facts, portalUrl: url, payUrl: url });

    expect(`${html}${text}`).not.toContain(url);
  },
);

test('every stage reads well without anything known but its deadline', () => {
  const subjects = (['start', 'reminder', 'expired', 'recovered'] as const).map((stage) => {
    const mail = composeMail(acme, { ...facts, stage, amount: null, invoiceNumber: null });
    expect(`${mail.subject}${mail.text}${mail.html}`).not.toMatch(/null|undefined|NaN|\n\n\n/);
    return mail.subject;
  });

  expect(subjects).toEqual([
    'Your payment for Acme did not go through',
    'Until 24 November: your payment for Acme is still open',
    'Your access to Acme has changed',
    'Thank you: your payment for Acme arrived',
  ]);
});

test.each([
  ['billing@acme.example', { name: '', address: 'billing@acme.example' }],
  ['Acme billing <billing@acme.example>', { name: 'Acme billing', address: 'billing@acme.example' }],
  ['Acme', null],
  ['a@acme.example, b@acme.example', null],
  ['Acme <billing@acme.example>\r\nBcc: x@y.example', null],
])('the mailbox %j', (typed, mailbox) => {
  expect(readMailbox(typed)).toEqual(mailbox);
});

test('the settings refuse what would break a header, and a page that is not https', () => {
  const problems = (value: object) =>
    mailSettings.safeParse(value).error?.issues.map(({ path }) => path.join('.'));

  expect(problems({ product: 'Acme\nBcc: x' })).toEqual(['product']);
  expect(problems({ from: 'nobody' })).toEqual(['from']);
  expect(problems({ support: 'http://acme.example' })).toEqual(['support']);
  expect(problems({ support: 'help@acme.example', from: 'Acme <a@b.example>' })).toBeUndefined();
});
