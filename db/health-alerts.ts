import type { Sql } from './connection.ts';

export type HealthAlertRow = {
  id: string;
  probe_id: string;
  detail: string;
  /** When it was first seen, which is before it was sure enough to tell. */
  began_at: number;
  opened_at: number;
  recovered_at: number | null;
  recovered_detail: string | null;
  acknowledged_by: string | null;
  acknowledged_name: string | null;
  acknowledged_at: number | null;
  level: number;
  reminders: number;
  correlation_id: string;
  version: number;
  /** The drill that it is played in; null for a real one. */
  drill_id: string | null;
  /** How bad it was when somebody was called last; how many looks in a row found it worse; when that was told. */
  state: 'degraded' | 'down';
  worse_looks: number;
  worse_at: number | null;
};

type NewAlert = Pick<
  HealthAlertRow,
  'id' | 'probe_id' | 'detail' | 'began_at' | 'opened_at' | 'correlation_id' | 'drill_id' | 'state'
>;

/** Null when one of this probe is open already. */
export async function insertAlert(sql: Sql, row: NewAlert): Promise<HealthAlertRow | null> {
  if (await findOpenAlert(sql, row.probe_id)) return null;
  const [inserted] = await sql<HealthAlertRow>('health_alerts').insert(row).returning('*');
  return inserted ?? null;
}

export async function findAlert(sql: Sql, id: string): Promise<HealthAlertRow | undefined> {
  return sql<HealthAlertRow>('health_alerts').where({ id }).first();
}

export async function findOpenAlert(sql: Sql, probeId: string): Promise<HealthAlertRow | undefined> {
  return sql<HealthAlertRow>('health_alerts').where({ probe_id: probeId }).whereNull('recovered_at').first();
}

/** The first real one that was open at this moment and had begun after `since`. */
export async function findFirstOpenAt(
  sql: Sql,
  at: number,
  since: number,
): Promise<HealthAlertRow | undefined> {
  return sql<HealthAlertRow>('health_alerts')
    .whereNull('drill_id')
    .whereBetween('began_at', [since, at])
    .where('opened_at', '<=', at)
    .where((query) => query.whereNull('recovered_at').orWhere('recovered_at', '>', at))
    .orderBy('began_at')
    .first();
}

/** Nothing that anybody sees: the card stays as it is. */
export async function countWorseLooks(sql: Sql, id: string, looks: number): Promise<void> {
  await sql('health_alerts').where({ id }).update({ worse_looks: looks });
}

/** Real ones. */
export async function listOpenAlerts(sql: Sql): Promise<HealthAlertRow[]> {
  return sql<HealthAlertRow>('health_alerts')
    .whereNull('recovered_at')
    .whereNull('drill_id')
    .orderBy('opened_at');
}

export async function findAlertOfDrill(sql: Sql, drillId: string): Promise<HealthAlertRow | undefined> {
  return sql<HealthAlertRow>('health_alerts').where({ drill_id: drillId }).first();
}

/** Null when it changed since it was read. */
export async function updateAlert(
  sql: Sql,
  seen: Pick<HealthAlertRow, 'id' | 'version'>,
  changes: Partial<Omit<HealthAlertRow, 'id' | 'version'>>,
): Promise<HealthAlertRow | null> {
  const [row] = await sql<HealthAlertRow>('health_alerts')
    .where({ id: seen.id, version: seen.version })
    .update({ ...changes, version: seen.version + 1 })
    .returning('*');
  return row ?? null;
}
