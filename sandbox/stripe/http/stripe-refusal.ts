/** The inside of `{ "error": … }`: https://docs.stripe.com/api/errors */
export type ErrorBody = {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
};

/** A request that Stripe refuses, thrown anywhere below the listener. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Record<string, string>;

  constructor(status: number, body: ErrorBody, headers: Record<string, string> = {}) {
    super(body.message);
    this.name = 'StripeRefusal';
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** 400 invalid_request_error, with the code and parameter where Stripe names them. */
export function invalidRequest(
  message: string,
  detail: { code?: string; param?: string; status?: number } = {},
): StripeRefusal {
  const { status, ...named } = detail;
  return new StripeRefusal(status ?? 400, { type: 'invalid_request_error', message, ...named });
}

/** An id in the path that names nothing is a 404; one in a parameter is a 400. Both are `resource_missing`. */
export function noSuch(noun: string, id: string, param = 'id', status = 404): StripeRefusal {
  return invalidRequest(`No such ${noun}: '${id}'`, { code: 'resource_missing', param, status });
}
