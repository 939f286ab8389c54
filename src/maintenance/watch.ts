import type { Database } from '#db/connection.ts';
import { type MaintenanceRow, readMaintenance } from '#db/maintenance.ts';
import type { Clock } from '#src/core/clock.ts';

/** How long a process may not have noticed that maintenance began or ended. */
export const NOTICED_WITHIN_MS = 1_000;

/** What this process knows of the maintenance, asked of the database at most once a second. */
export type MaintenanceWatch = {
  read(): Promise<MaintenanceRow | null>;
};

export function watchMaintenance({
  database,
  clock,
}: {
  database: Database;
  clock: Clock;
}): MaintenanceWatch {
  let last: { at: number; row: Promise<MaintenanceRow | null> } | null = null;
  return {
    async read() {
      const at = performance.now();
      if (!last || at - last.at >= NOTICED_WITHIN_MS) {
        last = { at, row: readMaintenance(database.knex, clock.now()) };
        // What failed once must not be the answer for a second.
        last.row.catch(() => {
          last = null;
        });
      }
      return last.row;
    },
  };
}
