/** What a request that should change something came to, when Stripe did not say. */
export type Outcome =
  /** It did not happen: it never got there, or was turned away at the door. */
  | 'not_done'
  /** No answer, or none that decides it. */
  | 'unknown'
  /** An error of Stripe's own, which may have happened before or after the deed. */
  | 'server_error'
  /** The error that is kept under this idempotency key: it will never answer anything else. */
  | 'kept_error';

/** Stripe did not answer, answered with an error of its own, or asked to slow down. Try again later. */
export class StripeAway extends Error {
  readonly retryAfterMs: number | null;
  readonly outcome: Outcome;
  /** Stripe is there, and asks to slow down (429). */
  readonly isTooFast: boolean;

  constructor(
    message: string,
    retryAfterMs: number | null = null,
    outcome: Outcome = 'not_done',
    isTooFast = false,
  ) {
    super(message);
    this.name = 'StripeAway';
    this.retryAfterMs = retryAfterMs;
    this.outcome = outcome;
    this.isTooFast = isTooFast;
  }
}

/** Stripe refused for good: it did not happen, and asking again as it is would be refused again. */
export class StripeSaidNo extends Error {
  /** docs.stripe.com/error-codes; null where Stripe gives none. */
  readonly code: string | null;

  constructor(code: string | null, message: string) {
    super(message);
    this.name = 'StripeSaidNo';
    this.code = code;
  }
}

/** Stripe does not take our key, or the key may not do this: nothing in the inbox is at fault, a person must mend it. */
export class StripeRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StripeRefused';
  }
}

/** The key is good, and Stripe never knew this customer: of the other mode, of another account, or mistyped. */
export class UnknownStripeCustomer extends StripeRefused {}

/** Nobody's event is to blame: to be tried again, however often. */
export function isStripeTrouble(error: unknown): boolean {
  return error instanceof StripeAway || error instanceof StripeRefused;
}
