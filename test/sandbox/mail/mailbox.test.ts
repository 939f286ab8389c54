import { expect, onTestFinished, test } from 'vitest';
import { type Mailbox, startMailbox } from '#sandbox/mail/mailbox.ts';
import { startPage } from '#sandbox/page/serve-page.ts';
import { createSmtpGateway } from '#src/gateways/smtp.ts';

const words = {
  messageId: 'mail_1@acme.example',
  from: { name: 'Acme “Größe” billing', address: 'billing@acme.example' },
  replyTo: null,
  to: 'sofia@firm.com',
  subject: 'Ihre Zahlung über 49,00 € – für das Paket, das wirklich einen sehr langen Namen hat',
  text: 'Grüße,\nand a line that is so long that it has to be folded on its way through the mail server, because it is.\n.\n..\n',
  html: '<!doctype html><p style="color:red">Grüße &amp; 49,00 €</p>',
  sentAt: 0,
};

async function mailbox(): Promise<Mailbox> {
  const started = await startMailbox();
  onTestFinished(() => started.close());
  return started;
}

test('a mail arrives as it was written, whatever it is made of', async () => {
  const box = await mailbox();
  await createSmtpGateway(box.smtpUrl).send(words);

  const [mail] = box.mails();
  expect(mail?.text.trimEnd()).toBe(words.text.trimEnd());
  expect(mail?.html.trimEnd()).toBe(words.html);
  expect(mail?.headers.get('subject')).toBe(words.subject);
  expect(mail?.headers.get('from')).toContain('Größe');
});

test('the page gets the newest first, and the HTML with a policy that lets it do nothing', async () => {
  const box = await mailbox();
  const page = await startPage({
    slack: (_request, response) => response.end(),
    stripe: (_request, response) => response.end(),
    mailbox: box.listener,
    wire: [box.wire],
    lucyCommands: () => [],
  });
  onTestFinished(() => page.close());
  const gateway = createSmtpGateway(box.smtpUrl);
  await gateway.send({ ...words, subject: 'First' });
  await gateway.send({ ...words, subject: 'Second' });

  const listed = await (await fetch(`${page.url}mailbox`)).json();
  expect(listed).toMatchObject([
    { subject: 'Second', to: 'sofia@firm.com', hasHtml: true },
    { subject: 'First' },
  ]);
  const shown = await fetch(`${page.url}mailbox/html?id=${listed[0].id}`);
  expect(shown.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  expect((await shown.text()).trimEnd()).toBe(words.html);
  expect((await fetch(`${page.url}mailbox/html?id=99`)).status).toBe(404);
});
