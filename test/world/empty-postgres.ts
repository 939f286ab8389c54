import type pg from 'pg';

/** What a database looks like that no test has touched. */
export type Template = {
  shape: string;
  tables: string[];
  /** The tables that migrations fill, and their rows as JSON. */
  filled: Map<string, string>;
};

export type Changed = { name: string; bytes: number };

/** The tables whose rows are not the template's, in one statement that the connection prepares once. */
export async function changedTables(connection: pg.Client, of: Template): Promise<Changed[]> {
  const filled = [...of.filled.keys()];
  const asked = of.tables.map((name) => {
    const at = filled.indexOf(name) + 1;
    const isChanged =
      at > 0
        ? `(select json_agg(t)::text from "${name}" t) is distinct from $${at}`
        : `exists (select 1 from "${name}")`;
    return `select '${name}' as name, pg_total_relation_size('"${name}"')::integer as bytes where ${isChanged}`;
  });
  const { rows } = await connection.query({
    name: 'changed_tables',
    text: asked.join(' union all '),
    values: filled.map((name) => of.filled.get(name)),
  });
  return rows;
}

/** Past triggers and references: what must never be deleted is deleted here. */
export async function emptyTables(connection: pg.Client, of: Template, changed: Changed[]): Promise<void> {
  const refills = changed.flatMap(({ name }) => {
    const rows = of.filled.get(name);
    return rows === undefined
      ? []
      : [`insert into "${name}" select * from json_populate_recordset(null::"${name}", ${quote(rows)})`];
  });
  await connection.query(
    [
      "begin; set local session_replication_role = 'replica'",
      ...changed.map(({ name }) => `delete from "${name}"`),
      ...refills,
      `select setval(format('public.%I', sequencename)::regclass, start_value, false) from pg_sequences
        where schemaname = 'public' and last_value is not null and sequencename not like 'knex_%'`,
      'commit',
    ].join(';\n'),
  );
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Everything beside rows that a test can change, as one word. */
export async function readShape(connection: pg.Client): Promise<string> {
  const { rows } = await connection.query({ name: 'shape', text: shape });
  return rows[0].shape;
}

const shape = `
  select md5(string_agg(part, ',' order by part)) as shape from (
    select 't' || tgrelid || tgname || tgenabled::text as part from pg_trigger where not tgisinternal
    union all
    select 'a' || attrelid || relname || attname || atttypid || attnotnull::text || attisdropped::text from pg_attribute
      join pg_class on pg_class.oid = attrelid where relnamespace = 'public'::regnamespace and attnum > 0
    union all
    select 'p' || proname || md5(prosrc) from pg_proc where pronamespace = 'public'::regnamespace
    union all
    select 'c' || conrelid || conname from pg_constraint where connamespace = 'public'::regnamespace
  ) as parts`;
