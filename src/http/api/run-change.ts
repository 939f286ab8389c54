import { claimRequest, findRequest, keepAnswer } from '#db/api-requests.ts';
import type { Database } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import type { Settings } from '#src/core/settings.ts';
import type { SpendTogether } from '#src/credits/spend-together.ts';
import { requireNoMaintenance } from '#src/maintenance/require-open.ts';
import type { ChangeRoute, Given, Key, LogLine, PlainSpend } from './define-route.ts';
import { ApiProblem } from './problem.ts';

export type Done = { status: number; text: string; isRepeated: boolean; logs: LogLine[] };

/**
 * Does a change once for its key, and repeats the first answer byte for byte. What was refused did nothing and is not
 * kept: the same request may succeed later. The keys are the product's, whichever of its API keys sends them.
 */
export async function runChange(
  deps: { database: Database; settings: Settings; spendTogether: SpendTogether },
  cause: Cause,
  route: ChangeRoute,
  given: Given<unknown>,
  key: Key | null,
): Promise<Done> {
  const print = fingerprint([route.method, route.path, given.id, withoutKey(given.input)]);
  const plain = key && route.asSpend?.(given, cause);
  const shared = plain && (await spendShared(deps.spendTogether, cause, route, plain, { ...key, print }));
  if (shared) return shared;
  return inTransaction(deps.database, async (sql) => {
    // The route turned it away as well, but may not have noticed for a second.
    await requireNoMaintenance(sql, 'api', cause.now);
    if (key && !(await claimRequest(sql, { ...key, fingerprint: print, at: cause.now }))) {
      const first = await findRequest(sql, key.scope, key.key);
      if (first?.fingerprint !== print) throw keyReused(key);
      return { status: first.status ?? 500, text: first.answer ?? '', isRepeated: true, logs: [] };
    }
    const { settings } = deps;
    const { answer, logs } = await route.change(given, { sql, settings, cause, now: cause.now });
    const text = JSON.stringify(answer);
    if (key) await keepAnswer(sql, key.scope, key.key, { status: route.status, text });
    return { status: route.status, text, isRepeated: false, logs };
  });
}

/** The change as one of many spends in one transaction; null when it is to be done on its own. */
async function spendShared(
  spendTogether: SpendTogether,
  cause: Cause,
  route: ChangeRoute,
  { tell, ...spend }: PlainSpend,
  key: Key & { print: string },
): Promise<Done | null> {
  let logs: LogLine[] = [];
  const end = await spendTogether({
    ...spend,
    cause,
    request: { scope: key.scope, key: key.key, fingerprint: key.print },
    tell(customer, entry) {
      const told = tell(customer, entry);
      logs = told.logs;
      return {
        status: route.status,
        text: JSON.stringify(told.answer),
        audit: told.audit,
        usage: told.usage,
      };
    },
  });
  if (end.kind === 'not plain') return null;
  if (end.kind === 'refused') throw end.error;
  if (end.kind === 'key reused') throw keyReused(key);
  const isRepeated = end.kind === 'repeated';
  return { status: end.status, text: end.text, isRepeated, logs: isRepeated ? [] : logs };
}

/** The header and the body may both carry the key; it is no part of what is asked. */
function withoutKey(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const { idempotencyKey: _key, ...rest } = input as { idempotencyKey?: unknown };
  return rest;
}

function keyReused({ key }: Key): ApiProblem {
  return new ApiProblem(
    409,
    'key_reused',
    `${key} was used before for something else, so nothing was changed.`,
    'Use a new key or id for a new act, or repeat the first request exactly.',
  );
}
