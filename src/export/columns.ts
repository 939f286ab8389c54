import { actTables } from './columns/acts.ts';
import { backupTables } from './columns/backups.ts';
import { customerTables } from './columns/customers.ts';
import { incidentTables } from './columns/incidents.ts';
import { moneyTables } from './columns/money.ts';
import { stripeTables } from './columns/stripe.ts';
import { workTables } from './columns/work.ts';
import type { TableRule } from './table-rule.ts';

/** What becomes of every column of every table: one that is not here fails a test, and an export. */
export const exportRules: Readonly<Record<string, TableRule>> = {
  ...customerTables,
  ...moneyTables,
  ...stripeTables,
  ...actTables,
  ...workTables,
  ...incidentTables,
  ...backupTables,
};
