import type { Sql } from './connection.ts';

export type IncidentSeverity = 'sev1' | 'sev2' | 'sev3';
export type IncidentState = 'investigating' | 'identified' | 'monitoring' | 'resolved';

export type IncidentRow = {
  id: string;
  number: number;
  title: string;
  severity: IncidentSeverity | null;
  state: IncidentState;
  commander: string | null;
  commander_name: string | null;
  declared_by: string;
  declared_name: string;
  declared_at: number;
  resolved_at: number | null;
  private_at: number | null;
  public_title: string | null;
  /** JSON text: component id -> impact. */
  impacts: string;
  clock_at: number;
  clock_stage: 'none' | 'draft' | 'nag' | 'page';
  pages: number;
  /** How often it was asked how bad it is, and who leads. */
  severity_asks: number;
  commander_asks: number;
  correlation_id: string;
  version: number;
  /** The drill that it is played in; null for a real one. */
  drill_id: string | null;
  /** So many times faster than life its clock runs: 1 outside drills. */
  pace: number;
};

type NewIncident = Omit<
  IncidentRow,
  | 'number'
  | 'version'
  | 'public_title'
  | 'impacts'
  | 'clock_stage'
  | 'pages'
  | 'severity_asks'
  | 'commander_asks'
  | 'drill_id'
  | 'pace'
> &
  Partial<Pick<IncidentRow, 'drill_id' | 'pace'>>;

/** Numbered by the database; two declared at once differ, for the second waits or is refused by the unique number. */
export async function insertIncident(sql: Sql, row: NewIncident): Promise<IncidentRow> {
  const [inserted] = await sql<IncidentRow>('incidents')
    .insert({
      ...row,
      version: 1,
      number: sql.raw('(select coalesce(max(number), 0) + 1 from incidents)') as never,
    })
    .returning('*');
  return inserted as IncidentRow;
}

export async function findIncident(sql: Sql, id: string): Promise<IncidentRow | undefined> {
  return sql<IncidentRow>('incidents').where({ id }).first();
}

export async function findIncidentByNumber(sql: Sql, number: number): Promise<IncidentRow | undefined> {
  return sql<IncidentRow>('incidents').where({ number }).first();
}

/** Real ones: what is played in a drill is found by its name alone. */
export async function listOpenIncidents(sql: Sql): Promise<IncidentRow[]> {
  return sql<IncidentRow>('incidents')
    .whereNot({ state: 'resolved' })
    .whereNull('drill_id')
    .orderBy('number');
}

/** Real ones, newest first. */
export async function listIncidents(sql: Sql, limit: number): Promise<IncidentRow[]> {
  return sql<IncidentRow>('incidents').whereNull('drill_id').orderBy('number', 'desc').limit(limit);
}

/** Real ones that are open, or began or ended since then, newest first: what is declared now may be one of them. */
export async function listIncidentsSince(sql: Sql, since: number, limit: number): Promise<IncidentRow[]> {
  return sql<IncidentRow>('incidents')
    .whereNull('drill_id')
    .where((query) =>
      query
        .whereNot({ state: 'resolved' })
        .orWhere('declared_at', '>=', since)
        .orWhere('resolved_at', '>=', since),
    )
    .orderBy('number', 'desc')
    .limit(limit);
}

/** False when it changed since it was read. */
export async function updateIncident(
  sql: Sql,
  seen: Pick<IncidentRow, 'id' | 'version'>,
  changes: Partial<Omit<IncidentRow, 'id' | 'number' | 'version'>>,
): Promise<boolean> {
  const updated = await sql('incidents')
    .where({ id: seen.id, version: seen.version })
    .update({ ...changes, version: seen.version + 1 });
  return updated > 0;
}

/** Something was added to its timeline; the row as it stands then. */
export async function touchIncident(sql: Sql, id: string): Promise<IncidentRow> {
  const [row] = await sql<IncidentRow>('incidents')
    .where({ id })
    .update({ version: sql.raw('version + 1') as never })
    .returning('*');
  if (!row) throw new Error(`There is no incident ${id}`);
  return row;
}

/** Those that customers may know of and that were told to them, newest first. */
export async function listPublicIncidents(sql: Sql, since: number): Promise<IncidentRow[]> {
  return sql<IncidentRow>('incidents')
    .whereNull('private_at')
    .whereNull('drill_id')
    .whereIn('id', sql('incident_updates').distinct('incident_id'))
    .where((query) => query.whereNull('resolved_at').orWhere('resolved_at', '>=', since))
    .orderBy('number', 'desc');
}

/** What only its own people may read, open or not. */
export async function listPrivateIncidents(sql: Sql): Promise<IncidentRow[]> {
  return sql<IncidentRow>('incidents').whereNotNull('private_at').orderBy('number');
}

export async function findIncidentOfDrill(sql: Sql, drillId: string): Promise<IncidentRow | undefined> {
  return sql<IncidentRow>('incidents').where({ drill_id: drillId }).first();
}

export async function lockIncident(sql: Sql, id: string): Promise<IncidentRow | undefined> {
  return sql<IncidentRow>('incidents').where({ id }).forUpdate().first();
}
