import { findLastAnchor, insertAuditAnchor } from '#db/audit-anchors.ts';
import { type AuditChainRow, lockAuditChain } from '#db/audit-chain.ts';
import { findAuditSeal } from '#db/audit-seals.ts';
import type { Database, Sql } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import { type Clock, HOUR_MS } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { spanMs } from '#src/core/settings-words.ts';
import { counted } from '#src/core/text.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { Reply } from '#src/replies/reply.ts';
import { scheduleCause } from './schedule-cause.ts';

type Deps = { database: Database; settings: Settings; clock: Clock; log: Log };

const LOG_EVERY_MS = HOUR_MS;

/**
 * Tells the head of the chain where the database cannot take it back: in the log, and in a channel. Whoever rewrites
 * the whole chain, or cuts its tail, would have to rewrite those, too. Returns to how many places it was told.
 */
export async function publishHead(deps: Deps): Promise<number> {
  return inTransaction(deps.database, async (sql) => {
    const head = await lockAuditChain(sql);
    const cause = scheduleCause(deps.clock.now(), 'The head of the audit is told at intervals');
    const { channel, head_every } = deps.settings.audit;
    let told = 0;
    if (await isDue(sql, head, 'log', LOG_EVERY_MS, cause.now)) {
      // Before the commit: what is logged stands already, and twice is better than never.
      deps.log.info(
        {
          event: 'audit_head',
          seq: head.head_seq,
          hash: head.head_hash,
          correlationId: cause.correlationId,
        },
        'audit_head',
      );
      await writeDown(sql, head, 'log', cause.now);
      told++;
    }
    if (await isDue(sql, head, channel, spanMs(head_every), cause.now)) {
      const dedupeKey = `audit_head:${channel}:${head.head_seq}`;
      await postMessage(sql, cause, { dedupeKey, target: channel, reply: headReply(head, cause) });
      await writeDown(sql, head, channel, cause.now);
      told++;
    }
    return told;
  });
}

/** Something was sealed since it was told there, and that is long enough ago. */
async function isDue(
  sql: Sql,
  head: AuditChainRow,
  told: string,
  everyMs: number,
  now: number,
): Promise<boolean> {
  const last = await findLastAnchor(sql, told);
  if (head.head_seq <= (last?.seq ?? 0)) return false;
  const since = last?.at ?? (await findAuditSeal(sql, 1))?.sealed_at ?? 0;
  return now - since >= everyMs;
}

function writeDown(sql: Sql, head: AuditChainRow, told: string, now: number): Promise<void> {
  return insertAuditAnchor(sql, { told, seq: head.head_seq, hash: head.head_hash, at: now });
}

function headReply(head: AuditChainRow, cause: Cause): Reply {
  const code = `${head.head_seq}:${head.head_hash}`;
  return {
    tone: 'info',
    title: `The audit is sealed, ${counted(head.head_seq, 'row')} so far.`,
    facts: [{ label: 'Head', value: { code } }],
    hint: `Nobody can change those rows unseen while this message stands. To check: audit verify --head ${code}`,
    correlationId: cause.correlationId,
  };
}
