import { Readable } from 'node:stream';
import { defang } from '#src/core/text.ts';
import { MailFailure, type MailGateway, type MailProblem, type OutgoingMail } from './mail.ts';

/** Waiting longer than this for a word of the server is waiting in vain. */
const TIMEOUT_MS = 30_000;

/** What would begin another header, another recipient or another SMTP command. */
const unsafeAddress = /[\p{Cc}\s<>,;]/u;

/**
 * Mails over SMTP, one connection each: Lucy sends few. What nodemailer's own transport does not tell is whether the
 * server had begun to take the mail when the connection broke; here that is known, because the words are read only
 * after its “354 go ahead”. Its code is loaded with the first mail.
 */
export function createSmtpGateway(url: string, { timeoutMs = TIMEOUT_MS } = {}): MailGateway {
  const server = readSmtpUrl(url);
  return {
    async send(mail) {
      if (unsafeAddress.test(mail.to) || !mail.to.includes('@'))
        throw new MailFailure('refused', 'The address is not one that a mail can be sent to.');
      const words = await compose(mail);
      await deliver(server, timeoutMs, mail, words);
    },
  };
}

type Server = {
  host: string;
  port: number;
  secure: boolean;
  requireTLS: boolean;
  login: { user: string; pass: string } | null;
};

/** `smtp://user:password@host:587`, or `smtps://…:465`. A password never goes over the net in the clear. */
function readSmtpUrl(text: string): Server {
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  const login = url.username
    ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    : null;
  const port = Number(url.port) || (secure ? 465 : 587);
  return { host, port, secure, requireTLS: !secure && !isHere && login !== null, login };
}

/** Headers are one line each, whatever the settings or a customer put into them. */
async function compose(mail: OutgoingMail): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const { from, replyTo } = mail;
  const composer = new MailComposer({
    messageId: `<${mail.messageId}>`,
    date: new Date(mail.sentAt),
    from: { name: defang(from.name), address: from.address },
    ...(replyTo ? { replyTo: { name: defang(replyTo.name), address: replyTo.address } } : {}),
    to: { name: '', address: mail.to },
    subject: defang(mail.subject),
    text: mail.text,
    html: mail.html,
    // Out-of-office answers to a machine help nobody (RFC 3834; the second is Exchange's own).
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return new Promise((resolve, reject) => {
    composer.compile().build((error, words) => (error ? reject(error) : resolve(words)));
  });
}

async function deliver(server: Server, timeoutMs: number, mail: OutgoingMail, words: Buffer): Promise<void> {
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection');
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTLS,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });
  let hasBegun = false;
  const message = Readable.from(
    (function* () {
      hasBegun = true;
      yield words;
    })(),
  );
  return new Promise((resolve, reject) => {
    const fail = (error: SmtpError) => {
      reject(failureOf(error, hasBegun));
      connection.close();
    };
    const send = () =>
      connection.send({ from: mail.from.address, to: [mail.to] }, message, (error) => {
        if (error) return fail(error);
        resolve();
        connection.quit();
      });
    connection.on('error', fail);
    connection.connect((error) => {
      if (error) return fail(error);
      if (!server.login) return send();
      connection.login({ credentials: server.login }, (refused) => (refused ? fail(refused) : send()));
    });
  });
}

type SmtpError = Error & {
  code?: string | undefined;
  command?: string | undefined;
  responseCode?: number | undefined;
};

function failureOf(error: SmtpError, hasBegun: boolean): MailFailure {
  const { command = '', responseCode = 0 } = error;
  return new MailFailure(
    problemOf(error, hasBegun),
    `${responseCode > 0 ? `${command}: ` : ''}${withoutAddresses(error.message)}`,
    error,
  );
}

/** Servers repeat the address that they refuse; it has no business in a log. */
function withoutAddresses(text: string): string {
  return defang(text)
    .replace(/[^\s<>"]+@[^\s<>"]+/g, '(address)')
    .slice(0, 300);
}

/** A server that says a number has decided: 4xx is for now, 5xx for good (RFC 5321, 4.2.1). */
function problemOf({ code, command = '', responseCode = 0 }: SmtpError, hasBegun: boolean): MailProblem {
  if (responseCode >= 400 && responseCode < 500) return 'later';
  if (code === 'EAUTH') return 'setup';
  if (responseCode >= 500) return /^(RCPT TO|DATA)/.test(command) ? 'refused' : 'setup';
  if (hasBegun) return 'unsure';
  return code === 'EENVELOPE' ? 'refused' : code === 'ETLS' ? 'setup' : 'later';
}
