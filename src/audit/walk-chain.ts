import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AuditHead, readAuditHead } from '#db/audit-chain.ts';
import type { AuditEventRow } from '#db/audit-events.ts';
import { listSealedAfter } from '#db/audit-seals.ts';
import type { Sql } from '#db/connection.ts';
import { firstHash, sealHash } from './canonical.ts';
import { isCoveredIntact } from './check-covered.ts';
import type { Problems } from './problem.ts';

const PAGE = 500;

/** How far the chain was walked. */
export type Walked = { seq: number; hash: string; checked: number };

type Page = Awaited<ReturnType<typeof listSealedAfter>>;

/**
 * Walks the whole chain, a page at a time, and recomputes every hash; after a bad link it goes on from what that link
 * says, so that one altered row is one problem. Holds no transaction: the chain may grow meanwhile.
 *
 * @param onPage told after each page how many rows were checked so far
 */
export async function walkChain(
  sql: Sql,
  problems: Problems,
  onPage?: (checked: number) => void,
): Promise<Walked> {
  const walked: Walked = { seq: 0, hash: firstHash, checked: 0 };
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = await listSealedAfter(sql, after, PAGE);
    for (const link of page) {
      const isFine = checkLink(walked, link, problems);
      if (!isFine || !link.event || link.event.covers === null) continue;
      await checkCovered(sql, link.seal, link.event, problems);
      // One of these is as much work as a page of others; SQLite answers without ever letting anybody else have a turn.
      await nextTurn();
    }
    if (page.length < PAGE) break;
    after = walked.seq;
    onPage?.(walked.checked);
    // Between two pages everybody else has a turn.
    await nextTurn();
  }
  checkHead(await readAuditHead(sql), problems);
  return walked;
}

function checkLink(walked: Walked, { seal, event }: Page[number], problems: Problems): boolean {
  const before = problems.count;
  const place = { seq: seal.seq, auditId: seal.audit_id };
  const isNext = seal.seq === walked.seq + 1;
  if (!isNext) {
    problems.add(
      'gap',
      place,
      `After seal ${walked.seq} comes seal ${seal.seq}: what was sealed between them is gone, or one of them was put in.`,
    );
  } else if (!event) {
    problems.add('deleted', place, `The audit row ${seal.audit_id}, sealed as ${seal.seq}, was deleted.`);
  } else if (sealHash(walked.hash, seal, event) !== seal.hash) {
    problems.add(
      'altered',
      place,
      `The audit row ${seal.audit_id} and its seal ${seal.seq} do not fit: one of them was altered, swapped or put in.`,
    );
  }
  walked.seq = seal.seq;
  walked.hash = seal.hash;
  walked.checked++;
  return problems.count === before;
}

/** Of a row that spends share, the seal is over a hash of them: what they say now must still come to it. */
async function checkCovered(
  sql: Sql,
  seal: Page[number]['seal'],
  event: AuditEventRow,
  problems: Problems,
): Promise<void> {
  if (await isCoveredIntact(sql, event)) return;
  problems.add(
    'altered',
    { seq: seal.seq, auditId: event.id },
    `The ledger entries that the audit row ${event.id}, sealed as ${seal.seq}, stands for are not what they were: one of them was altered, deleted or put in.`,
  );
}

function checkHead(head: AuditHead | undefined, problems: Problems): void {
  if (!head) {
    problems.add('head', {}, 'The row that says how far the audit is sealed was deleted.');
  } else if (head.last_seq < head.head_seq) {
    problems.add(
      'head',
      { seq: head.last_seq + 1 },
      `The audit was sealed up to ${head.head_seq}, but the chain ends at ${head.last_seq}: its tail was cut.`,
    );
  } else if (head.last_seq > head.head_seq) {
    problems.add(
      'head',
      { seq: head.head_seq + 1 },
      `The audit was sealed up to ${head.head_seq}, but the chain goes on to ${head.last_seq}: its tail was put in.`,
    );
  } else if (head.head_hash !== (head.hash_there ?? firstHash)) {
    problems.add(
      'head',
      { seq: head.head_seq },
      `Seal ${head.head_seq} is not the one that the chain ended with.`,
    );
  }
}
