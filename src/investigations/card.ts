import { searchAuditEvents } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { findInvestigation, type InvestigationRow, listInvestigationSteps } from '#db/investigations.ts';
import type { Cause } from '#src/core/cause.ts';
import { isoTime } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import { elsewhereJson, isLogUnavailable } from '#src/diagnosis/describe-elsewhere.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Reply } from '#src/replies/reply.ts';
import { cardButtons } from './buttons.ts';
import { readFindings } from './findings.ts';
import { factsOf, sectionsOf } from './sections.ts';
import { stepNames } from './steps.ts';
import type { StoredCase } from './stored-case.ts';
import { missingLinks } from './verdicts.ts';

const NOTES_MAX = 10;

/** `investigation:inv_…`, the card’s key. */
export function cardKey(id: string): string {
  return `investigation:${id}`;
}

/** The case from its rows alone: what was found, how far it is, and what is next. */
export async function investigationCard(
  sql: Sql,
  _settings: Settings,
  id: string,
): Promise<{ row: InvestigationRow; reply: Reply; version: number } | null> {
  const row = await findInvestigation(sql, id);
  if (!row) return null;
  const customer = row.customer_id === null ? undefined : await findCustomerById(sql, row.customer_id);
  const wanted = { ticket: row.ticket, command: 'investigation note', outcome: 'done' as const };
  const stored: StoredCase = {
    row,
    steps: await listInvestigationSteps(sql, id),
    findings: readFindings(row.evidence),
    email: customer?.email ?? null,
    notes: (await searchAuditEvents(sql, wanted, null, NOTES_MAX)).reverse(),
  };
  const isMissing = row.state === 'open' && isLogUnavailable(stored.findings.elsewhere);
  return {
    row,
    version: row.version,
    reply: {
      tone: row.state === 'open' ? 'preview' : 'done',
      title: titleOf(stored),
      facts: factsOf(stored),
      sections: sectionsOf(stored),
      warnings: isMissing ? [logsMissing(stored)] : [],
      ...(row.state === 'open' ? { hint: nextWords(stored) } : {}),
      buttons: cardButtons(stored),
      correlationId: row.correlation_id,
      json: caseJson(stored),
    },
  };
}

function titleOf({ row, steps }: StoredCase): string {
  const done = `${steps.length} of ${stepNames.length} steps done`;
  if (row.state === 'open') return `Investigation of ${row.ticket}: ${done}. ${row.actor_name} opened it.`;
  const how = row.no_change_at === null ? '' : ' without a change of the code';
  return `Investigation of ${row.ticket}: ${row.closed_name} closed it${how}, ${done}: ${row.close_reason}`;
}

/** What is left of the four steps; without a patch and its test a case stays open. */
function nextWords({ row, steps }: StoredCase): string {
  const missing = missingLinks(row);
  if (missing.length > 0)
    return `It can be closed when ${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} linked.`;
  const left = stepNames.flatMap((name, index) =>
    steps.some(({ step }) => step === name) ? [] : [String(index + 1)],
  );
  if (left.length === 0) return 'It can be closed now.';
  const words = left.length === 1 ? `step ${left[0]} is` : `steps ${listed(left)} are`;
  return `It can be closed now; ${words} not done.`;
}

function logsMissing({ findings }: StoredCase): string {
  return findings.elsewhere.logs.kind === 'away'
    ? 'The log index did not answer. Look again; if it stays away, DevOps is to know (support runbook, section 5).'
    : 'No correlation ID is known, so the log could not be searched. Ask for the X-Request-ID; if there is none, DevOps is to know (support runbook, section 5).';
}

export function caseJson({ row, steps, findings, email, notes }: StoredCase): Record<string, unknown> {
  const { elsewhere, moments, ...found } = findings;
  return {
    id: row.id,
    ticket: row.ticket,
    customer: email,
    requestId: row.request_id,
    around: row.around_at === null ? null : isoTime(row.around_at),
    state: row.state,
    openedBy: row.actor_name,
    openedAt: isoTime(row.opened_at),
    steps: stepNames.map((name) => {
      const ticked = steps.find(({ step }) => step === name);
      return {
        step: name,
        done: ticked !== undefined,
        by: ticked?.ticked_name ?? null,
        note: ticked?.note ?? null,
      };
    }),
    patch: row.patch_url,
    test: row.test_url,
    noCodeChange: row.no_change_at !== null,
    closedBecause: row.close_reason,
    notes: notes.map((note) => ({ at: isoTime(note.at), by: note.actor_name, text: note.reason })),
    found: {
      ...found,
      moments: moments.map((moment) => ({ ...moment, at: isoTime(moment.at) })),
      ...elsewhereJson(elsewhere),
    },
    correlationId: row.correlation_id,
  };
}

/** Queues the card’s edit, in the transaction of what changed. */
export async function renewInvestigationCard(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  id: string,
): Promise<void> {
  const card = await investigationCard(sql, settings, id);
  if (!card) throw new Error(`Investigation ${id} has no row to make a card of`);
  await renewCard(sql, cause, {
    key: cardKey(id),
    target: card.row.target,
    version: card.version,
    reply: card.reply,
  });
}
