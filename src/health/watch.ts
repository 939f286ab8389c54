import type { Database } from '#db/connection.ts';
import { findOpenAlert } from '#db/health-alerts.ts';
import { claimProbe, findProbe, updateProbe } from '#db/health-probes.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { type Clock, SECOND_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { closeAlert, openAlert } from './alert.ts';
import { down, ok, type Probe, type ProbeContext, type Seen } from './probe.ts';
import { probes } from './probes.ts';
import { watchWorse } from './worse.ts';

export type HealthDeps = {
  database: Database;
  settings: Settings;
  clock: Clock;
  log: Log;
  stripe: StripeGateway | null;
  folder: string;
  parts: ProbeContext['parts'];
};

/** Looks at everything that is due, each by one process of all, and tells on-call when something stays out of order. */
export async function watchHealth(deps: HealthDeps): Promise<void> {
  await Promise.all(probes.map((probe) => watchOne(deps, probe)));
}

async function watchOne(deps: HealthDeps, probe: Probe): Promise<void> {
  const { database, settings, clock, stripe, folder, parts } = deps;
  const now = clock.now();
  const every = settings.health.every_seconds * SECOND_MS;
  if (!(await claimProbe(database.knex, probe.id, now, now + every))) return;
  const context = { sql: database.knex, settings, now, stripe, folder, parts };
  const seen = await probe.look(context).catch((error) => {
    deps.log.error({ event: 'probe_failed', probe: probe.id, err: error }, errorMessage(error));
    // What an error says may be of a customer; it stays in the log.
    return down('It could not be looked at.');
  });
  await (seen ? takeIn(deps, probe, seen, now) : forget(deps, probe, now));
}

/** What was set up once, and found out of order, is not set up any more: an alert that nobody looks at would stay for ever. */
async function forget(deps: HealthDeps, probe: Probe, now: number): Promise<void> {
  const { database, settings } = deps;
  if (!(await findOpenAlert(database.knex, probe.id))) return;
  await inTransaction(database, async (sql) => {
    const before = await findProbe(sql, probe.id);
    const open = await findOpenAlert(sql, probe.id);
    if (!before || !open) return;
    const detail = 'It is not set up any more, so nobody looks at it.';
    await updateProbe(sql, probe.id, { state: 'unknown', detail, failures: 0, successes: 0, checked_at: 0 });
    await closeAlert(sql, settings, scheduleCause(now, `Lucy looked at: ${probe.title}`), open, ok(detail));
  });
}

/**
 * Counts what was seen. So many failures in a row are an outage and so many successes its end; what lies between
 * changes nothing, so that one lost packet calls nobody and a flapping part is one alert.
 */
async function takeIn(deps: HealthDeps, probe: Probe, seen: Seen, now: number): Promise<void> {
  const { fail_after, recover_after } = deps.settings.health;
  await inTransaction(deps.database, async (sql) => {
    const before = await findProbe(sql, probe.id);
    if (!before) return;
    const isWell = seen.state === 'ok';
    const failures = isWell ? 0 : before.failures + 1;
    const successes = isWell ? before.successes + 1 : 0;
    const since = before.state === seen.state ? before.since : now;
    await updateProbe(sql, probe.id, { ...seen, failures, successes, since, checked_at: now });
    const open = await findOpenAlert(sql, probe.id);
    const cause = scheduleCause(now, `Lucy looked at: ${probe.title}`);
    if (!open && failures >= fail_after)
      await openAlert(sql, deps.settings, cause, probe, seen, failures === 1 ? now : since);
    if (open && successes >= recover_after) await closeAlert(sql, deps.settings, cause, open, seen);
    else if (open) await watchWorse(sql, deps.settings, cause, probe, open, seen);
  });
}
