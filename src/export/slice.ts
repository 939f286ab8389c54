import type { Narrow } from '#db/export-source.ts';
import { exportRules } from './columns.ts';

/**
 * Narrows a table to one customer's rows; a customer of null is everybody.
 *
 * @returns null when the table has nothing of a single customer
 */
export function sliceOf(table: string, customerId: string | null): Narrow | null {
  if (customerId === null) return (query) => query;
  const rule = exportRules[table];
  if (rule === undefined || 'leftOut' in rule || rule.slice === 'none') return null;
  const { slice } = rule;
  if (slice === 'all') return (query) => query;
  if (slice === 'self') return (query) => query.where(`${table}.id`, customerId);
  if (slice === 'customer') return (query) => query.where(`${table}.customer_id`, customerId);
  return (query, sql) =>
    query.where((any) => {
      for (const [column, among] of slice) {
        const [parent = '', key = ''] = among.split('.');
        const narrow = sliceOf(parent, customerId);
        if (narrow) any.orWhereIn(`${table}.${column}`, narrow(sql(parent), sql).select(`${parent}.${key}`));
      }
    });
}
