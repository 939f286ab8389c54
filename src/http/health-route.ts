import type { ServerResponse } from 'node:http';
import type { Database } from '#db/connection.ts';
import { countDirty } from '#db/customer-sync.ts';
import { writeInstallation } from '#db/installation.ts';
import { readMaintenance } from '#db/maintenance.ts';
import { countUnsent } from '#db/outbox.ts';
import { countEventsByStatus } from '#db/stripe-event-queue.ts';
import { sumRejectsSince } from '#db/webhook-rejects.ts';
import { type Clock, HOUR_MS, isoTime, SECOND_MS } from '#src/core/clock.ts';
import { sendJson } from './server.ts';
import { readWorkers } from './worker-health.ts';

export type Component = { state: 'ok' | 'degraded' | 'down'; detail: string };

export type HealthOptions = {
  database: Database;
  clock: Clock;
  /** Named components that only degrade. */
  components: Record<string, ReadComponent>;
  /** How often the workers look around. */
  lookEveryMs: number;
};

export type ReadComponent = () => Component | Promise<Component>;

const PROBE_EVERY_MS = 2 * SECOND_MS;

/**
 * `GET /health`: 503 only when an event could not be stored; Slack or Stripe being away is 200 and degraded (DESIGN
 * section 9). The database is judged by a real write, at most every two seconds.
 */
export function createHealthRoute(options: HealthOptions): (response: ServerResponse) => Promise<void> {
  const startedAt = options.clock.now();
  let last: { at: number; component: Component } | null = null;

  async function database(): Promise<Component> {
    const now = options.clock.now();
    if (last && now - last.at < PROBE_EVERY_MS) return last.component;
    const component = await probe(options.database, now);
    last = { at: now, component };
    return component;
  }

  return async (response) => {
    const [stored, workers, own] = await Promise.all([
      database(),
      readWorkers(options, options.lookEveryMs, startedAt).catch(() => ({})),
      readOwn(options.components),
    ]);
    const components: Record<string, Component> = { database: stored, ...own };
    // What this process sees itself is newer than what a worker saw.
    for (const [name, seen] of Object.entries(workers)) components[name] ??= seen;
    const isDown = stored.state !== 'ok';
    const isDegraded = Object.values(components).some((component) => component.state !== 'ok');
    const webhooks = isDown ? null : await readBacklog(options).catch(() => null);
    const maintenance = isDown ? null : await maintenanceNow(options).catch(() => null);
    sendJson(response, isDown ? 503 : 200, {
      status: isDown ? 'down' : isDegraded || maintenance ? 'degraded' : 'ok',
      components,
      ...(maintenance ? { maintenance } : {}),
      webhooks,
    });
  };
}

async function readOwn(components: HealthOptions['components']): Promise<Record<string, Component>> {
  const unread: Component = { state: 'degraded', detail: 'Not known while the database cannot be read.' };
  const read = Object.entries(components).map(async ([name, ask]): Promise<[string, Component]> => {
    try {
      return [name, await ask()];
    } catch {
      return [name, unread];
    }
  });
  return Object.fromEntries(await Promise.all(read));
}

async function probe(database: Database, now: number): Promise<Component> {
  try {
    await writeInstallation(database.knex, 'health_probe', String(now), now);
    return { state: 'ok', detail: `${database.engine} takes writes.` };
  } catch (error) {
    return { state: 'down', detail: `${database.engine} does not take writes (${codeOf(error)}).` };
  }
}

/** Nothing may be changed, and why. Who does it is nobody’s business here. */
async function maintenanceNow({ database, clock }: HealthOptions) {
  const row = await readMaintenance(database.knex, clock.now());
  return (
    row && {
      since: isoTime(row.started_at),
      until: isoTime(row.until),
      why: 'The database is restored from a backup.',
    }
  );
}

async function readBacklog({ database, clock }: HealthOptions) {
  const sql = database.knex;
  return {
    waitingForSync: await countDirty(sql),
    waitingForLink: await countEventsByStatus(sql, ['waiting']),
    failed: await countEventsByStatus(sql, ['failed', 'dead']),
    quarantined: await countEventsByStatus(sql, ['quarantined']),
    unsentMessages: await countUnsent(sql),
    rejectedLastHour: await sumRejectsSince(sql, clock.now() - HOUR_MS),
  };
}

/** The driver's short code; its message may name hosts and users, which strangers need not read here. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
