import type { Sql } from '#db/connection.ts';
import { findEntitlement } from '#db/entitlements.ts';
import { findProductRead } from '#db/product-reads.ts';
import { formatUtc } from '#src/core/clock.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { type Case, listFixes } from './fixes.ts';
import type { Verdict } from './verdict.ts';

/**
 * The product has asked what the customer may use after the last fix, and was told what holds now. While it has not
 * asked, nobody can know what the customer sees, and the step stays open and says so.
 */
export async function productSawIt(sql: Sql, settings: Settings, given: Case, now: number): Promise<Verdict> {
  if (given.customerId === '')
    return { kind: 'open', why: 'No customer was named, so nobody can tell what they see.' };
  const fixes = await listFixes(sql, given, now);
  const fixedAt = Math.max(given.since, ...fixes.map((run) => run.done_at ?? 0));
  const read = await findProductRead(sql, given.customerId);
  if (!read || read.read_at < fixedAt)
    return {
      kind: 'open',
      why: `The product has not asked Lucy about this customer since ${formatUtc(fixedAt)}; it asks when the customer uses it.`,
    };
  const entitlement = await findEntitlement(sql, given.customerId);
  const tier = entitlement?.tier ?? lowestTier(settings);
  const access = entitlement?.access ?? 'full';
  const saw = `tier ${read.tier}, access ${read.access} and ${counted(read.balance, 'credit')} at ${formatUtc(read.read_at)}`;
  if (read.tier !== tier || read.access !== access)
    return {
      kind: 'open',
      why: `The product last read ${saw}; by now it is tier ${tier}, access ${access}.`,
    };
  return { kind: 'ticked', by: 'The product', at: read.read_at, note: `it read ${saw}` };
}
