import type { AiUsageRow } from '#db/ai-usage.ts';
import type { AuditEventRow } from '#db/audit-events.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import type { Covers } from '#db/shared-spends.ts';
import type { Cause } from '#src/core/cause.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { newId } from '#src/core/ids.ts';
import { hashSpends } from './hash-spends.ts';
import { auditRow } from './record.ts';

type Group = { id: string; cause: Cause; command: string; entries: CreditEntryRow[]; usages: AiUsageRow[] };

/**
 * The audit rows that the spends of one transaction share: one for each who did them and for what. The row is sealed like
 * any other, and through the hash in it everything that those entries say.
 */
export class SharedAudits {
  readonly #groups: Group[] = [];

  /** Puts the entry under its audit row; nothing of it may change any more. */
  add(cause: Cause, command: string, entry: CreditEntryRow, usage: AiUsageRow | null): void {
    const group = this.#groupOf(cause, command);
    entry.audit_id = group.id;
    group.cause = cause;
    group.entries.push(entry);
    if (usage) group.usages.push(usage);
  }

  #groupOf(cause: Cause, command: string): Group {
    const known = this.#groups.find(
      (group) =>
        group.command === command && group.cause.surface === cause.surface && isOne(group.cause, cause),
    );
    if (known) return known;
    const group = { id: newId('aud', cause.now), cause, command, entries: [], usages: [] };
    this.#groups.push(group);
    return group;
  }

  rows(): AuditEventRow[] {
    return this.#groups.map(sharedRow);
  }
}

function isOne({ actor: one }: Cause, { actor: other }: Cause): boolean {
  return one === other || (one.id === other.id && one.name === other.name && one.person === other.person);
}

/** Dated like the last of its spends. Reason and correlation id are each spend's own, and stand with it. */
function sharedRow({ id, cause, command, entries, usages }: Group): AuditEventRow {
  const credits = entries.reduce((sum, entry) => sum - entry.amount, 0);
  const covers: Covers = {
    first: entries[0]?.id ?? '',
    last: entries.at(-1)?.id ?? '',
    spends: entries.length,
    sha256: hashSpends(entries, usages),
  };
  const own = { ...cause, correlationId: newCorrelationId(cause.now), reason: null, ticket: null };
  const input = { spends: entries.length, amount: credits };
  const row = auditRow(own, { command, outcome: 'done', customerId: null, input, before: null, after: null });
  return { ...row, id, covers: JSON.stringify(covers) };
}
