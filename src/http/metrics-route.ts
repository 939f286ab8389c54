import type { ServerResponse } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Database } from '#db/connection.ts';
import { type HealthProbeRow, listProbes } from '#db/health-probes.ts';
import { type Count, readMetrics } from '#db/metrics.ts';
import { type Clock, SECOND_MS } from '#src/core/clock.ts';
import type { Handler } from './server.ts';

type Deps = { database: Database; clock: Clock };
type Read = Awaited<ReturnType<typeof readMetrics>>;

/** Whoever asks more often gets the same numbers again: a scraper must not become a load. */
const KEEP_MS = 5 * SECOND_MS;

/** Every series that is counted from the database: its name, what it says, and the name of its one label. */
const series: readonly { name: string; help: string; label: string; from: keyof Read }[] = [
  {
    name: 'lucy_webhook_events_last_hour',
    help: 'Stripe events stored within the last hour, by the road on which they came',
    label: 'source',
    from: 'eventsLastHour',
  },
  {
    name: 'lucy_webhook_events_open',
    help: 'Stripe events that are not at their end',
    label: 'status',
    from: 'eventsOpen',
  },
  {
    name: 'lucy_webhook_rejects_last_hour',
    help: 'Deliveries refused within the last hour',
    label: 'reason',
    from: 'rejectsLastHour',
  },
  {
    name: 'lucy_ledger_entries_last_hour',
    help: 'Entries of the credit ledger written within the last hour',
    label: 'type',
    from: 'entriesLastHour',
  },
  {
    name: 'lucy_outbox_messages',
    help: 'Messages not sent yet, or given up',
    label: 'state',
    from: 'outbox',
  },
  { name: 'lucy_approvals', help: 'Approvals that wait for an answer', label: 'state', from: 'approvals' },
  { name: 'lucy_incidents_open', help: 'Incidents that are not resolved', label: 'state', from: 'incidents' },
  {
    name: 'lucy_findings_open',
    help: 'Findings that somebody should look at',
    label: 'kind',
    from: 'findings',
  },
  {
    name: 'lucy_detector_lag_seconds',
    help: 'How old is what a detector has yet to look at; under two minutes, it is up to date',
    label: 'detector',
    from: 'detectorLag',
  },
  {
    name: 'lucy_backup_age_seconds',
    help: 'How old the newest backup is that was tried by restoring it',
    label: 'state',
    from: 'backups',
  },
  {
    name: 'lucy_stripe_effects_open',
    help: 'Changes on their way to Stripe',
    label: 'state',
    from: 'effects',
  },
];

/** `GET /metrics`: Prometheus text, of the process and of what stands in the database. */
export function createMetricsRoute(deps: Deps): Handler {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = series.map((row) => ({ ...row, gauge: gaugeOf(registry, row.name, row.help, row.label) }));
  const probes = gaugeOf(registry, 'lucy_probe_up', '1 when what Lucy looks at is well', 'probe');
  const ages = gaugeOf(
    registry,
    'lucy_probe_checked_seconds',
    'How long ago it was looked at; it grows while no worker runs, and lucy_probe_up says nothing then',
    'probe',
  );
  let last: { at: number; text: Promise<string> } | null = null;

  async function read(): Promise<string> {
    const now = deps.clock.now();
    const counted = await readMetrics(deps.database.knex, now);
    for (const { gauge, label, from } of gauges) fill(gauge, label, counted[from]);
    const seen = await listProbes(deps.database.knex);
    const looked = seen.filter(({ state }) => state !== 'unknown');
    const up = ({ state }: HealthProbeRow) => (state === 'ok' ? 1 : 0);
    fill(
      probes,
      'probe',
      looked.map((row) => ({ label: row.id, total: up(row) })),
    );
    fill(
      ages,
      'probe',
      looked.map((row) => ({
        label: row.id,
        total: Math.max(0, Math.round((now - row.checked_at) / SECOND_MS)),
      })),
    );
    return registry.metrics();
  }

  return async (_request, response) => {
    const now = deps.clock.now();
    if (!last || now - last.at >= KEEP_MS) last = { at: now, text: read() };
    const { text } = last;
    // What failed once must not be the answer for five seconds.
    text.catch(() => {
      last = null;
    });
    send(response, registry.contentType, await text);
  };
}

function gaugeOf(registry: Registry, name: string, help: string, label: string): Gauge {
  return new Gauge({ name, help, labelNames: [label], registers: [registry] });
}

/** What is not counted any more disappears rather than standing still. */
function fill(gauge: Gauge, label: string, counts: readonly Count[]): void {
  gauge.reset();
  for (const count of counts) gauge.set({ [label]: count.label }, count.total);
}

function send(response: ServerResponse, contentType: string, text: string): void {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(text);
}
