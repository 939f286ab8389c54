import { claimRequest, findRequest, keepAnswer } from '#db/api-requests.ts';
import type { Database, Sql } from '#db/connection.ts';
import { findSpentUnder } from '#db/shared-spends.ts';
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
  const plain = (key && route.asSpend?.(given, cause)) || null;
  const shared =
    plain && key && (await spendShared(deps.spendTogether, cause, route, plain, { ...key, print }));
  if (shared) return shared;
  const alone = () => changeAlone(deps, cause, route, given, { plain, key, print });
  try {
    return await alone();
  } catch (error) {
    // Now it is there to be seen. What it ran into may have been a unique key, too, or that the credits were gone.
    const isSpent = error instanceof SpentMeanwhile || (key && (await findSpent(deps.database.knex, key)));
    if (isSpent) return alone();
    throw error;
  }
}

/** A shared transaction, which keeps no row of `api_requests`, used the same key while this one worked. */
class SpentMeanwhile extends Error {}

type Asked = { plain: PlainSpend | null; key: Key | null; print: string };

async function changeAlone(
  { database, settings }: { database: Database; settings: Settings },
  cause: Cause,
  route: ChangeRoute,
  given: Given<unknown>,
  { plain, key, print }: Asked,
): Promise<Done> {
  const { status } = route;
  return inTransaction(database, async (sql) => {
    // The route turned it away as well, but may not have noticed for a second.
    await requireNoMaintenance(sql, 'api', cause.now);
    if (key && !(await claimRequest(sql, { ...key, fingerprint: print, at: cause.now }))) {
      const first = await findRequest(sql, key.scope, key.key);
      if (first?.fingerprint !== print) throw keyReused(key);
      return { status: first.status ?? 500, text: first.answer ?? '', isRepeated: true, logs: [] };
    }
    const spent = key && (await findSpent(sql, key));
    if (spent) {
      if (spent.asked !== print || !plain) throw keyReused(key);
      const text = JSON.stringify(plain.tell(spent, spent).answer);
      await keepAnswer(sql, key.scope, key.key, { status, text });
      return { status, text, isRepeated: true, logs: [] };
    }
    const { answer, logs } = await route.change(given, { sql, settings, cause, now: cause.now });
    if (key && (await findSpent(sql, key))) throw new SpentMeanwhile();
    const text = JSON.stringify(answer);
    if (key) await keepAnswer(sql, key.scope, key.key, { status, text });
    return { status, text, isRepeated: false, logs };
  });
}

/** The spend of a shared transaction under this key (decision 0025). */
async function findSpent(sql: Sql, { scope, key }: Key) {
  const prefix = { caller: 'api', usage: 'usage' }[scope];
  return prefix === undefined ? undefined : findSpentUnder(sql, `${prefix}:${key}`);
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
