import { createServer } from 'node:http';
import { z } from 'zod';
import type { Database } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { type Clock, DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { reportRelease } from '#src/releases/report.ts';
import { readBody } from '../stripe/http/read-body.ts';

/** A real deployment takes minutes; here it takes as long as it takes to read what Lucy says meanwhile. */
const DEPLOYS_FOR_MS = 3_000;
const asked = z.object({ action: z.literal('rollback'), version: z.string() });

export type LocalDeploy = { url: string; close(): Promise<void> };

/** The product’s deployment of the sandbox: takes Lucy’s word, and reports the version that then runs, as CI would. */
export async function startLocalDeploy(parts: {
  database: Database;
  clock: Clock;
  deploysForMs?: number;
}): Promise<LocalDeploy> {
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer(async (request, response) => {
    const body = await readBody(request, 4_096);
    const read = asked.safeParse(body === null ? null : JSON.parse(body));
    response.writeHead(read.success ? 202 : 400).end();
    if (!read.success) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      report(parts, read.data.version, parts.clock.now()).catch(() => {});
    }, parts.deploysForMs ?? DEPLOYS_FOR_MS);
    timer.unref();
    timers.add(timer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/deploy`,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Two versions that ran before the story begins: one to go back from, and one to go back to. */
export async function seedReleases(parts: { database: Database; clock: Clock }): Promise<void> {
  const now = parts.clock.now();
  await report(parts, '4.1.0', now - 6 * DAY_MS);
  await report(parts, '4.2.0', now - 5 * HOUR_MS);
}

async function report(
  { database, clock }: { database: Database; clock: Clock },
  version: string,
  deployedAt: number,
): Promise<void> {
  const cause = scheduleCause(clock.now(), 'the sandbox’s deployment reported it');
  await inTransaction(database, (sql) =>
    reportRelease(sql, cause, {
      releaseId: `sandbox-${version}-${deployedAt}`,
      version,
      url: null,
      deployedAt,
    }),
  );
}
