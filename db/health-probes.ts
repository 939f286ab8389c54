import type { Sql } from './connection.ts';

export type ProbeState = 'ok' | 'degraded' | 'down' | 'unknown';

export type HealthProbeRow = {
  id: string;
  state: ProbeState;
  detail: string;
  failures: number;
  successes: number;
  since: number;
  checked_at: number;
  next_at: number;
};

/** Takes a probe that is due until `nextAt`, so that of several processes one looks; false when another has it. */
export async function claimProbe(sql: Sql, id: string, now: number, nextAt: number): Promise<boolean> {
  await sql('health_probes')
    .insert({ id, state: 'unknown', detail: 'Not looked at yet.', since: now, checked_at: 0, next_at: now })
    .onConflict('id')
    .ignore();
  const taken = await sql('health_probes')
    .where({ id })
    .where('next_at', '<=', now)
    .update({ next_at: nextAt });
  return taken > 0;
}

export async function findProbe(sql: Sql, id: string): Promise<HealthProbeRow | undefined> {
  return sql<HealthProbeRow>('health_probes').where({ id }).forUpdate().first();
}

export async function updateProbe(sql: Sql, id: string, seen: Partial<HealthProbeRow>): Promise<void> {
  await sql('health_probes').where({ id }).update(seen);
}

export async function listProbes(sql: Sql): Promise<HealthProbeRow[]> {
  return sql<HealthProbeRow>('health_probes');
}
