import type { Sql } from '#db/connection.ts';
import { listLinks } from '#db/customer-links.ts';
import { type EvidenceBundleRow, insertEvidenceBundle, insertEvidencePart } from '#db/evidence-bundles.ts';
import { type EvidenceOwner, evidenceTables, listEvidenceRows } from '#db/evidence-records.ts';
import type { Cause } from '#src/core/cause.ts';
import { isoTime } from '#src/core/clock.ts';
import { canonicalJson, sha256 } from '#src/core/fingerprint.ts';
import { newId } from '#src/core/ids.ts';
import type { ManifestPart } from './manifest.ts';

/** Rows of one part, so that no customer is too large for one. */
const ROWS = 5_000;

/**
 * Keeps everything that is known of a customer now, under legal hold, each part with its sha256 and all of them in a
 * manifest with its own: operations playbook, disputes 4, and what a formal dispute will be judged by. Call it in the
 * transaction of what caused it.
 */
export async function preserveEvidence(
  sql: Sql,
  cause: Cause,
  about: { customerId: string; disputeId: string | null; cause: EvidenceBundleRow['cause'] },
): Promise<EvidenceBundleRow> {
  const id = newId('bnd', cause.now);
  const owner: EvidenceOwner = {
    customerId: about.customerId,
    stripeCustomerIds: (await listLinks(sql, about.customerId)).map((link) => link.stripe_customer_id),
  };
  const parts = await readParts(sql, owner);
  const manifest = canonicalJson({
    bundle: id,
    customer: about.customerId,
    dispute: about.disputeId,
    cause: about.cause,
    madeAt: isoTime(cause.now),
    madeBy: cause.actor.name,
    parts: parts.map(({ manifest: part }) => part),
  });
  const bundle: EvidenceBundleRow = {
    id,
    customer_id: about.customerId,
    dispute_id: about.disputeId,
    cause: about.cause,
    manifest,
    sha256: sha256(manifest),
    legal_hold: 1,
    actor: cause.actor.id,
    reason: cause.reason,
    correlation_id: cause.correlationId,
    created_at: cause.now,
  };
  await insertEvidenceBundle(sql, bundle);
  for (const [index, { manifest: part, content }] of parts.entries())
    await insertEvidencePart(sql, { bundle_id: id, seq: index + 1, name: part.name, content });
  return bundle;
}

type Part = { manifest: ManifestPart; content: string };

async function readParts(sql: Sql, owner: EvidenceOwner): Promise<Part[]> {
  const parts: Part[] = [];
  for (const table of evidenceTables) {
    for (let page = 0; ; page++) {
      const rows = await listEvidenceRows(sql, table, owner, { offset: page * ROWS, limit: ROWS });
      // A table without rows is evidence, too: there was nothing.
      if (rows.length > 0 || page === 0) parts.push(partOf(table, page, rows));
      if (rows.length < ROWS) break;
    }
  }
  return parts;
}

function partOf(table: string, page: number, rows: readonly Record<string, unknown>[]): Part {
  const content = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const name = page === 0 ? `${table}.jsonl` : `${table}-${page + 1}.jsonl`;
  const bytes = Buffer.byteLength(content);
  return { manifest: { name, rows: rows.length, bytes, sha256: sha256(content) }, content };
}
