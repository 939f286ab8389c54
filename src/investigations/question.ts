import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { findInvestigationOf } from '#db/investigations.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { spanMs } from '#src/core/settings-words.ts';
import { findCustomer } from '#src/customers/find.ts';
import { momentOf, windowOf } from '#src/diagnosis/around.ts';
import type { Question } from './findings.ts';

type Typed = {
  ticket: string;
  request?: string | undefined;
  email?: string | undefined;
  around?: string | undefined;
  window?: string | undefined;
};

/**
 * What is looked into: as it was typed, or, for a ticket that has a case and nothing new is said, as it was the last time.
 *
 * @throws UserError when a customer is named without a time, or a time without a customer
 */
export async function readQuestion(
  sql: Sql,
  settings: Settings,
  typed: Typed,
  now: number,
): Promise<Question> {
  const { ticket, request, email, around, window } = typed;
  const usual = spanMs(settings.investigations.window);
  const isNew = [request, email, around, window].some((value) => value !== undefined);
  const kept = isNew ? undefined : await findInvestigationOf(sql, ticket);
  if (kept) {
    const { request_id: requestId, customer_id: id, around_at: aroundAt, window_ms: windowMs } = kept;
    const customer = id === null ? null : ((await findCustomerById(sql, id)) ?? null);
    return { ticket, requestId, customer, aroundAt, windowMs };
  }
  if ((email === undefined) !== (around === undefined)) throw unclear(ticket, email);
  return {
    ticket,
    requestId: request ?? null,
    customer: email === undefined ? null : await findCustomer(sql, email),
    aroundAt: around === undefined ? null : momentOf(around, now),
    windowMs: windowOf(window, usual),
  };
}

function unclear(ticket: string, email: string | undefined): UserError {
  const field = email === undefined ? 'email' : 'around';
  const message =
    email === undefined
      ? 'A time says nothing without a customer.'
      : 'Say about when it happened to the customer.';
  return new UserError(
    'usage',
    message,
    `For example: investigate ${ticket} --email sofia@firm.com --around 14:30`,
    { [field]: message },
  );
}
