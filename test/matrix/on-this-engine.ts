import { testEngine } from '#test/world/fresh-database.ts';

/** Who somebody is does not depend on the engine: Postgres meets those whose acts change something, and no others. */
export function onThisEngine<K extends string>(
  kinds: readonly K[],
  onPostgres: readonly NoInfer<K>[],
): readonly K[] {
  return testEngine === 'postgres' ? onPostgres : kinds;
}
