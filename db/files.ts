import { engineOf, type Sql } from './connection.ts';

/** A text file that somebody handed in. `id` is `file_` and the SHA-256 of its records. */
export type FileRow = { id: string; name: string; size: number; content: string; created_at: number };

/** The same content again keeps its row, and is young again. */
export async function keepFileRow(sql: Sql, row: FileRow): Promise<void> {
  await sql('files').insert(row).onConflict('id').merge({ name: row.name, created_at: row.created_at });
}

export async function findFile(sql: Sql, id: string): Promise<FileRow | undefined> {
  return sql<FileRow>('files').where({ id }).first();
}

/** Holds the file's row in a transaction, so that of two people who import it at once the second sees the first. */
export async function lockFile(sql: Sql, id: string): Promise<void> {
  if (engineOf(sql) === 'postgres') await sql('files').where({ id }).forUpdate().first('id');
}

export async function deleteFilesBefore(sql: Sql, before: number): Promise<void> {
  await sql('files').where('created_at', '<', before).delete();
}
