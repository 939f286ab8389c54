import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '#db/connection.ts';
import { listLinks } from '#db/customer-links.ts';
import { findDispute } from '#db/disputes.ts';
import {
  findEvidencePart,
  findLastPart,
  insertEvidenceBundle,
  insertEvidencePart,
} from '#db/evidence-bundles.ts';
import { type EvidenceOrderRow, endEvidenceOrder, findNextOrder } from '#db/evidence-orders.ts';
import { evidenceTables, listEvidenceRows } from '#db/evidence-records.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#src/audit/record.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { type Clock, isoTime } from '#src/core/clock.ts';
import { canonicalJson, sha256 } from '#src/core/fingerprint.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { renewDisputeCard } from '../card.ts';
import type { ManifestPart } from './manifest.ts';
import { type Place, placeAfter } from './place.ts';

/** Rows of one part: few, for while it is read and written nothing else gets its turn. */
const ROWS = 2_000;

export type EvidenceDeps = { database: Database; settings: Settings; clock: Clock; log: Log };

/**
 * One step of what was ordered: the next part of it is read and written, or, after the last one, the manifest with the
 * sha256 of each. Where it stands is told by the parts themselves, so it goes on wherever it was stopped.
 *
 * @returns how many steps were done; 0: nothing is ordered
 */
export async function makeBundles(deps: EvidenceDeps): Promise<number> {
  const { knex } = deps.database;
  const order = await findNextOrder(knex);
  if (!order) return 0;
  const place = placeAfter(await findLastPart(knex, order.id), evidenceTables, ROWS);
  if (place) await writePart(deps, order, place);
  else await finish(deps, order);
  return 1;
}

async function writePart(
  { database: { knex } }: EvidenceDeps,
  order: EvidenceOrderRow,
  { seq, table, name, after }: Place,
): Promise<void> {
  const links = await listLinks(knex, order.customer_id);
  const owner = {
    customerId: order.customer_id,
    stripeCustomerIds: links.map((link) => link.stripe_customer_id),
  };
  const rows = await listEvidenceRows(knex, table, owner, { after, limit: ROWS });
  // A table without rows is evidence, too: there was nothing.
  const content = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await insertEvidencePart(knex, { bundle_id: order.id, seq, name, content });
}

async function finish(deps: EvidenceDeps, order: EvidenceOrderRow): Promise<void> {
  const parts = await listParts(deps, order.id);
  const now = deps.clock.now();
  const manifest = canonicalJson({
    bundle: order.id,
    customer: order.customer_id,
    dispute: order.dispute_id,
    cause: order.cause,
    orderedAt: isoTime(order.created_at),
    madeAt: isoTime(now),
    madeBy: order.actor_name,
    parts,
  });
  const sum = sha256(manifest);
  const isOurs = await inTransaction(deps.database, async (sql) => {
    if (!(await endEvidenceOrder(sql, order.id, now))) return false;
    const { id, customer_id, dispute_id, cause, actor, reason, correlation_id } = order;
    const about = { id, customer_id, dispute_id, cause, actor, reason, correlation_id };
    await insertEvidenceBundle(sql, { ...about, manifest, sha256: sum, legal_hold: 1, created_at: now });
    const seen = causeOf(order, now);
    // The chain of the audit leaves this database, so a bundle cannot be replaced together with its sum.
    await recordAudit(sql, seen, {
      command: 'evidence preserve',
      outcome: 'done',
      customerId: customer_id,
      input: { bundle: id, dispute: dispute_id },
      before: null,
      after: { bundle: id, sha256: sum },
    });
    if (dispute_id === null || !(await findDispute(sql, dispute_id))) return true;
    await renewDisputeCard(sql, deps.settings, seen, dispute_id);
    return true;
  });
  if (!isOurs) return;
  deps.log.info(
    {
      event: 'evidence_preserved',
      action: 'evidence_preserved',
      customer: order.customer_id,
      bundle: order.id,
      sha256: sum,
      correlationId: order.correlation_id,
    },
    'evidence_preserved',
  );
}

/** One after the other: together they may be more than fits into memory. */
async function listParts({ database: { knex } }: EvidenceDeps, bundleId: string): Promise<ManifestPart[]> {
  const parts: ManifestPart[] = [];
  for (let seq = 1; ; seq++) {
    const part = await findEvidencePart(knex, bundleId, seq);
    if (!part) return parts;
    const { name, content } = part;
    const rows = content.split('\n').length - 1;
    parts.push({ name, rows, bytes: Buffer.byteLength(content), sha256: sha256(content) });
    await nextTurn();
  }
}

function causeOf({ correlation_id: correlationId, reason }: EvidenceOrderRow, now: number): Cause {
  return { actor: scheduleActor, surface: 'job', correlationId, reason, ticket: null, runId: null, now };
}
