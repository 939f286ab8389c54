import type { Mailbox } from '#src/core/settings-mail.ts';

/** The door through which mails leave. */
export type MailGateway = {
  /**
   * Hands one mail to the server.
   * @throws MailFailure
   */
  send(mail: OutgoingMail): Promise<void>;
};

export type OutgoingMail = {
  /** Without its angle brackets; the same for the same mail, so that a second copy can be told as one. */
  messageId: string;
  from: Mailbox;
  replyTo: Mailbox | null;
  to: string;
  subject: string;
  text: string;
  html: string;
  sentAt: number;
};

export type MailProblem =
  /** Not sent, and to be tried again: the server is away, busy, or asks to come back. */
  | 'later'
  /** Not sent: the server does not take this mail or its address, and never will. */
  | 'refused'
  /** Not sent: the server does not take our login or our sender; people must mend that. */
  | 'setup'
  /** The server had begun to take it and did not say that it has it: it may arrive, or not. */
  | 'unsure';

export class MailFailure extends Error {
  readonly problem: MailProblem;

  constructor(problem: MailProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'MailFailure';
    this.problem = problem;
  }
}
