import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '#db/connection.ts';
import { patiently } from '#db/transaction.ts';
import type { ProductReads } from '#src/checklists/product-reads.ts';
import type { Clock } from '#src/core/clock.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { createSpendTogether, type SpendTogether } from '#src/credits/spend-together.ts';
import { type ApiKey, actorOf, findKey, requireScope } from './api/api-key.ts';
import type { ApiRoute } from './api/define-route.ts';
import { findRoute } from './api/find-route.ts';
import { readKey } from './api/idempotency-key.ts';
import { describeApi } from './api/openapi.ts';
import { ApiProblem } from './api/problem.ts';
import { createRateLimit } from './api/rate-limit.ts';
import { readInput } from './api/read-input.ts';
import { apiRoutes } from './api/routes.ts';
import { runChange } from './api/run-change.ts';
import { send, sendProblem } from './api/send.ts';
import type { Handler } from './server.ts';

export type ApiDeps = {
  keys: readonly ApiKey[];
  database: Database;
  settings: Settings;
  clock: Clock;
  log: Log;
  productReads: ProductReads;
  /** Something was written, so that its message need not wait for the next look into the outbox. */
  onChanged?: () => void;
};

/** The product's API: nobody without a key gets further than its description (DESIGN section 9: unset, 401). */
export function createApiRoute(deps: ApiDeps): Handler {
  const document = JSON.stringify(describeApi(apiRoutes));
  const spending = { ...deps, spendTogether: createSpendTogether(deps.database) };
  const secondsToWait = createRateLimit(deps.settings.api.requests_per_second, deps.clock);

  return async (request, response, url) => {
    const correlationId = correlationOf(request, deps.clock.now());
    try {
      // It describes and tells nothing, so that a developer without a key can read it.
      if (request.method === 'GET' && url.pathname === '/api/openapi.json')
        return send(response, 200, correlationId, document);
      const key = findKey(deps.keys, request);
      assertPace(secondsToWait(key.name));
      const { route, id } = findRoute(apiRoutes, request.method ?? '', url.pathname);
      requireScope(key, route.scope);
      await answer(spending, { route, id, key, correlationId }, request, response, url);
    } catch (error) {
      sendProblem(deps.log, response, correlationId, error, url.pathname);
    }
  };
}

async function answer(
  deps: ApiDeps & { spendTogether: SpendTogether },
  asked: { route: ApiRoute; id: string; key: ApiKey; correlationId: string },
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { route, id, correlationId } = asked;
  const input = await readInput(route, request, url);
  const now = deps.clock.now();
  if (route.method === 'GET') {
    const { database, settings, productReads } = deps;
    const context = { sql: database.knex, settings, now, productReads };
    const found = await patiently(() => route.read({ id, input, key: '' }, context));
    return send(response, 200, correlationId, JSON.stringify(found));
  }
  const key = readKey(route, request, input);
  const reason = (input as { reason?: string }).reason ?? route.reason;
  const actor = actorOf(asked.key);
  const cause = { actor, surface: 'api' as const, correlationId, reason, ticket: null, runId: null, now };
  const done = await runChange(deps, cause, route, { id, input, key: key?.key ?? '' }, key);
  if (!done.isRepeated) deps.onChanged?.();
  for (const line of done.logs) deps.log.info({ correlationId, ...line }, line.event);
  const headers = done.isRepeated ? { 'idempotent-replayed': 'true' } : {};
  send(response, done.status, correlationId, done.text, headers);
}

/** What the caller calls this request, where it can be stored and printed as it is; else a new id. */
function correlationOf(request: IncomingMessage, now: number): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : newCorrelationId(now);
}

function assertPace(seconds: number): void {
  if (seconds === 0) return;
  throw new ApiProblem(
    429,
    'too_many_requests',
    'This key sends more requests than it may, so this one was not looked at.',
    `Wait ${seconds} s and send it again. The pace is api.requests_per_second in lucy.config.yml.`,
    { headers: { 'retry-after': String(seconds) } },
  );
}
