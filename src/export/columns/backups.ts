import { leftOut } from '../table-rule.ts';

/** Copies of the whole database: a copy of it has none of its own yet. */
export const backupTables = {
  backups: leftOut('They are of the other database, and lie on its machine.'),
  restores: leftOut('What was done to the other database.'),
  maintenance: leftOut('A copy is in none.'),
};
