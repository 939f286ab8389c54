import type { z } from 'zod';
import { UserError, type UserErrorCode } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';
import { InsufficientCredits } from '#src/credits/spend.ts';

/** A request that is answered with an error; the message and the hint are sentences for the product's developers. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly headers: Record<string, string>;
  /** What a program can use, beside the sentence. */
  readonly details: Record<string, unknown>;

  constructor(
    status: number,
    code: string,
    message: string,
    hint: string,
    more: { headers?: Record<string, string>; details?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.headers = more.headers ?? {};
    this.details = more.details ?? {};
  }
}

const statusOf: Readonly<Record<UserErrorCode, number>> = {
  usage: 400,
  invalid: 400,
  refused: 403,
  not_found: 404,
  conflict: 409,
  insufficient: 409,
  moved: 409,
  unavailable: 503,
};

/** The answer to what went wrong, or null when it is a defect. */
export function problemOf(error: unknown): ApiProblem | null {
  if (error instanceof ApiProblem) return error;
  if (error instanceof InsufficientCredits)
    return new ApiProblem(409, 'insufficient_credits', error.message, error.hint, {
      details: { spendable: error.spendable },
    });
  if (error instanceof UserError)
    return new ApiProblem(statusOf[error.code], error.code, error.message, error.hint);
  return databaseProblem(error);
}

function databaseProblem(error: unknown): ApiProblem | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? String(error.code) : error.name;
  if (/^(23505|SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY))$/.test(code))
    return new ApiProblem(
      409,
      'conflict',
      'The same was changed by another request at this moment, so nothing was changed.',
      'Send the request again.',
    );
  if (/^(SQLITE_(BUSY|LOCKED)|ECONN|57P0|08|53|40001|40P01|KnexTimeoutError|TimeoutError)/.test(code))
    return new ApiProblem(
      503,
      'unavailable',
      'Lucy’s database does not answer.',
      'Send the same request again in a second; it is done once, even if it was done already.',
      { headers: { 'retry-after': '1' } },
    );
  return null;
}

/** Says which field is wrong, by name, and what would be right. */
export function inputProblem(error: z.ZodError, route: string, fields: readonly string[]): ApiProblem {
  const takes = fields.length > 0 ? `It takes ${listed([...fields])}.` : 'It takes no fields.';
  const unknown = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  if (unknown.length > 0) {
    const names = listed(unknown.slice(0, 5).map((name) => `“${name.slice(0, 100)}”`));
    return new ApiProblem(400, 'invalid', `${route} does not know ${names}, so it did nothing.`, takes);
  }
  const messages = Object.fromEntries(
    error.issues.map((issue) => [issue.path.join('.'), issue.message] as const).reverse(),
  );
  const [first] = error.issues;
  const name = first?.path.join('.') ?? '';
  const message =
    name === '' ? (first?.message ?? 'The input is not right.') : `“${name}” ${first?.message}.`;
  return new ApiProblem(
    400,
    'invalid',
    message,
    `${takes} GET /api/openapi.json has the whole description.`,
    {
      details: { fields: messages },
    },
  );
}
