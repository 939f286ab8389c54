/** What a mail server can do to whoever sends it something; each fault happens to the next mail only. */
export type SmtpFault =
  /** Answers this number at this place; 4xx for now, 5xx for good. */
  | { at: 'MAIL FROM' | 'RCPT TO' | 'DATA'; code: number }
  /** Takes the whole mail, keeps it or loses it, and never says anything again. */
  | { at: 'silence after DATA'; isKept: boolean }
  /** Closes the connection in the middle of the mail. */
  | { at: 'hang-up in DATA' };

export type SmtpFaults = {
  next(fault: SmtpFault): void;
  /** The fault of this place, if it is its turn. */
  take<P extends SmtpFault['at']>(place: P): Extract<SmtpFault, { at: P }> | null;
};

export function createSmtpFaults(): SmtpFaults {
  const waiting: SmtpFault[] = [];
  return {
    next: (fault) => void waiting.push(fault),
    take<P extends SmtpFault['at']>(place: P) {
      if (waiting[0]?.at !== place) return null;
      return waiting.shift() as Extract<SmtpFault, { at: P }>;
    },
  };
}

/** An error that the local mail server answers with this number. */
export function smtpRefusal(code: number): Error {
  const words = code < 500 ? 'Try again later' : 'No such mailbox here: <sofia@firm.com>';
  return Object.assign(new Error(words), { responseCode: code });
}
