import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Listener, WireSource } from '#sandbox/page/page-parts.ts';
import { createMailboxListener } from './mailbox-listener.ts';
import { type ReadMail, readMail } from './read-mail.ts';
import { createSmtpFaults, type SmtpFaults, smtpRefusal } from './smtp-faults.ts';

/** One mail that arrived. */
export type ArrivedMail = ReadMail & {
  id: string;
  envelope: { from: string; to: string[] };
  raw: string;
  at: number;
};

export type Mailbox = {
  /** Where Lucy sends. */
  smtpUrl: string;
  /** Oldest first. */
  mails(): readonly ArrivedMail[];
  faults: SmtpFaults;
  /** Answers /mailbox for the page. */
  listener: Listener;
  /** Tells the page that something arrived. */
  wire: WireSource;
  close(): Promise<void>;
};

/** A mail server on this machine that delivers nowhere: every mail lands in one mailbox. */
export async function startMailbox(
  options: { port?: number; now?: () => number; login?: { user: string; pass: string } } = {},
): Promise<Mailbox> {
  const mails: ArrivedMail[] = [];
  const watchers = new Set<() => void>();
  const faults = createSmtpFaults();
  const { now = Date.now, login } = options;

  function arrive(raw: Buffer, session: SMTPServerSession): void {
    const { mailFrom, rcptTo } = session.envelope;
    mails.push({
      ...readMail(raw),
      id: String(mails.length + 1),
      envelope: { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) },
      raw: raw.toString('utf8'),
      at: now(),
    });
    for (const tell of watchers) tell();
  }

  const server = new SMTPServer({
    authOptional: !login,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onAuth({ username, password }, _session, answer) {
      if (username === login?.user && password === login?.pass) answer(null, { user: username });
      else answer(smtpRefusal(535));
    },
    onMailFrom: (_address, _session, answer) => answer(refusalAt('MAIL FROM')),
    onRcptTo: (_address, _session, answer) => answer(refusalAt('RCPT TO')),
    async onData(stream, session, answer) {
      if (faults.take('hang-up in DATA')) {
        stream.once('data', () => hangUp(session));
        return;
      }
      const raw = await readAll(stream);
      const silence = faults.take('silence after DATA');
      if (silence?.isKept) arrive(raw, session);
      if (silence) return;
      const refusal = refusalAt('DATA');
      if (!refusal) arrive(raw, session);
      answer(refusal);
    },
  });
  // Whoever hangs up in the middle is no concern of a mailbox.
  server.on('error', () => {});

  function refusalAt(place: 'MAIL FROM' | 'RCPT TO' | 'DATA'): Error | null {
    const fault = faults.take(place);
    return fault ? smtpRefusal(fault.code) : null;
  }

  function hangUp(session: SMTPServerSession): void {
    for (const connection of server.connections)
      if (connection.id === session.id) connection._socket.destroy();
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const user = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.pass)}@` : '';
  return {
    smtpUrl: `smtp://${user}127.0.0.1:${port}`,
    mails: () => mails,
    faults,
    listener: createMailboxListener(() => mails),
    wire: {
      entries: () => [],
      onChange(tell) {
        watchers.add(tell);
        return () => void watchers.delete(tell);
      },
    },
    close: () =>
      new Promise((resolve) => {
        for (const connection of server.connections) connection._socket.destroy();
        server.close(() => resolve());
      }),
  };
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
