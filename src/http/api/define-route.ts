import type { z } from 'zod';
import type { AiUsageRow } from '#db/ai-usage.ts';
import type { Sql } from '#db/connection.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import type { AuditFacts } from '#src/audit/record.ts';
import type { ProductReads } from '#src/checklists/product-reads.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import type { ApiScope } from '#src/core/settings-api.ts';
import type { SharedSpend } from '#src/credits/decide-spends.ts';

/** What a route works with; a change has it inside its transaction. */
type Context = { sql: Sql; settings: Settings; now: number };
export type ReadContext = Context & { productReads: ProductReads };
export type ChangeContext = Context & { cause: Cause };

/** `id` is what stands for `:id` in the path, `key` the caller's key of this act; empty where there is none. */
export type Given<Input> = { id: string; input: Input; key: string };

export type LogLine = { event: string; action: string; [key: string]: unknown };

/** Under which key a change is done once. */
export type Key = { scope: string; key: string };

type Common<Input, Answer> = {
  /** What a key must be for. */
  scope: ApiScope;
  /** With `:id` for the one part that varies. */
  path: string;
  summary: string;
  /** More than the summary says, for the OpenAPI document. */
  description?: string;
  /** What `:id` may be. */
  id?: z.ZodType<string>;
  /** An object: the query of a read, the JSON body of a change. */
  input: z.ZodType<Input>;
  answer: z.ZodType<Answer>;
};

export type ReadRoute<Input = unknown, Answer = unknown> = Common<Input, Answer> & {
  method: 'GET';
  status: 200;
  read(given: Given<Input>, context: ReadContext): Promise<Answer>;
};

export type ChangeRoute<Input = unknown, Answer = unknown> = Common<Input, Answer> & {
  method: 'POST' | 'PUT';
  status: 200 | 201;
  /**
   * How a repeated request is known: `caller` by the Idempotency-Key header or the body's idempotencyKey, one of which
   * must be there; `state` by what it changes, which is then so already; a function by an id in the body.
   */
  once: 'caller' | 'state' | ((input: Input) => Key);
  /** For the audit and the ledger, when the caller gives none. */
  reason: string;
  change(given: Given<Input>, context: ChangeContext): Promise<{ answer: Answer; logs: LogLine[] }>;
  /** What this is when it is nothing but a spend: then it shares a transaction with others. Else null. */
  asSpend?(given: Given<Input>, cause: Cause): PlainSpend<Answer> | null;
};

/** A spend, and what is told of it; the same words as those of `change`. */
export type PlainSpend<Answer = unknown> = Pick<
  SharedSpend,
  'who' | 'amount' | 'key' | 'sourceKind' | 'sourceId'
> & {
  tell(
    customer: { customer_id: string; email: string },
    entry: CreditEntryRow,
  ): { answer: Answer; audit: AuditFacts; logs: LogLine[]; usage: AiUsageRow | null };
};

export type ApiRoute = ReadRoute | ChangeRoute;

export function defineRead<Input, Answer>(
  route: Omit<ReadRoute<Input, Answer>, 'method' | 'status'>,
): ApiRoute {
  return { ...route, method: 'GET', status: 200 } as ReadRoute;
}

export function defineChange<Input, Answer>(route: ChangeRoute<Input, Answer>): ApiRoute {
  return route as ChangeRoute;
}
