import type { Reply } from '#src/replies/reply.ts';

/** Where Slack put a message. */
export type Posted = { channel: string; ts: string };

export type PostOptions = {
  /** Small print under the message, such as that it may be a repetition. */
  footnote?: string;
  /** Edits this message instead of posting one. */
  edit?: Posted;
  /** It is the message of this card. */
  card?: string;
  /** Posts into the thread of this message, wherever it stands. */
  thread?: Posted;
};

/** The door through which messages leave. The outbox knows no Slack; src/slack implements this. */
export type Announcer = {
  /**
   * Sends once, without retries of its own.
   * @throws SendFailure
   */
  post(target: string, reply: Reply, options?: PostOptions): Promise<Posted>;
  /** What people call the target: `#lucy-entitlements`. */
  nameOf(target: string): string;
};

export type SendProblem =
  /** Not sent, and will not be as things are: because of the channel, of the token, or of the message itself. */
  | { kind: 'refused'; code: string; blame: 'channel' | 'token' | 'message' }
  | { kind: 'rate_limited'; retryAfterMs: number }
  /** Not sent: nobody was there. */
  | { kind: 'away'; message: string }
  /** Perhaps sent. */
  | { kind: 'unsure'; message: string };

export class SendFailure extends Error {
  readonly problem: SendProblem;

  constructor(problem: SendProblem) {
    super(
      problem.kind === 'refused'
        ? problem.code
        : problem.kind === 'rate_limited'
          ? problem.kind
          : problem.message,
    );
    this.name = 'SendFailure';
    this.problem = problem;
  }
}
