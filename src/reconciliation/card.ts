import type { Sql } from '#db/connection.ts';
import {
  countFoundAgain,
  countNewFindings,
  countReconcileFindings,
  type FindingCount,
  type FindingWithEmail,
  listReconcileFindings,
} from '#db/reconcile-findings.ts';
import { findReconcileRun, type ReconcileRunRow, updateReconcileRun } from '#db/reconcile-runs.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, spanWords } from '#src/core/clock.ts';
import { clamp, counted, listed } from '#src/core/text.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Reply, ReplyButton, Section, Value } from '#src/replies/reply.ts';
import { type FindingKind, findingKinds, kindWords } from './kinds.ts';
import { renewNightsCard } from './nights-card.ts';
import { progressWords, readProgress } from './progress.ts';

/** Slack takes five buttons in a row; the rest is typed. */
const BUTTONS_MAX = 4;
const EXAMPLES = 2;
const NIGHTS_KNOWN = 7;

/** How a run goes and what it found, from its rows alone. */
export async function reconciliationCard(
  sql: Sql,
  id: string,
  examples = EXAMPLES,
): Promise<{ reply: Reply; version: number } | null> {
  const run = await findReconcileRun(sql, id);
  if (!run) return null;
  const counts = await countReconcileFindings(sql, id);
  const total = counts.reduce((sum, count) => sum + count.total, 0);
  const isOpen = run.ended_at === null;
  const warnings = run.state === 'failed' || run.state === 'waiting' ? [troubleOf(run)] : [];
  return {
    version: run.version,
    reply: {
      tone: isOpen ? 'sending' : run.state === 'done' && total === 0 ? 'done' : 'warning',
      title: `${whoseOf(run)} reconciliation with Stripe: ${await standing(sql, run, total)}.`,
      facts: await factsOf(sql, run, total),
      ...(warnings.length > 0 ? { warnings } : {}),
      sections: total > 0 ? [await kindSection(sql, id, counts, examples)] : [],
      buttons: buttonsOf(run, counts),
      ...(total > 0 && !isOpen ? { hint: `Everything in a file: reconcile show ${id} --csv` } : {}),
      correlationId: run.correlation_id,
    },
  };
}

function whoseOf(run: ReconcileRunRow): string {
  return run.run_id === null ? 'The nightly' : `${run.actor_name}’s`;
}

async function standing(sql: Sql, run: ReconcileRunRow, total: number): Promise<string> {
  const progress = await readProgress(sql, run);
  const differences = total === 0 ? 'no difference' : counted(total, 'difference');
  if (run.state === 'running') return progressWords(progress);
  if (run.state === 'waiting') return `it waits for Stripe, with ${progressWords(progress)}`;
  if (run.state === 'cancelled') return `it was cancelled, with ${differences} found until then`;
  if (run.state === 'failed') return `it failed, with ${differences} found until then`;
  if (run.customer_id !== null) return total === 0 ? 'the customer is right' : differences;
  const among = `in ${counted(progress.seen, 'subscription')}`;
  if (total > 0) return `${differences} ${among}`;
  const isSilent = run.on_their_way > 0 || (await countFoundAgain(sql, run.id)) > 0;
  return isSilent ? `nothing new ${among}` : `everything agrees ${among}`;
}

async function factsOf(sql: Sql, run: ReconcileRunRow, total: number): Promise<NonNullable<Reply['facts']>> {
  const { pages, suspects } = await readProgress(sql, run);
  const facts: NonNullable<Reply['facts']> = [
    { label: 'Reconciliation', value: { code: run.id } },
    { label: 'Why', value: run.reason },
    { label: 'Began', value: { at: run.started_at } },
  ];
  if (run.ended_at !== null)
    facts.push({ label: 'Took', value: spanWords(Math.max(run.ended_at - run.started_at, 1_000)) });
  if (run.customer_id === null) facts.push({ label: 'Pages read', value: pages.toLocaleString('en-US') });
  if (suspects.open > 0)
    facts.push({ label: 'Looked at closely', value: `${suspects.all - suspects.open} of ${suspects.all}` });
  const again = await countFoundAgain(sql, run.id);
  if (again > 0)
    facts.push({
      label: 'Known',
      value: `${counted(again, 'question')} that an earlier run had told already`,
    });
  if (run.on_their_way > 0)
    facts.push({
      label: 'Not judged',
      value: `${counted(run.on_their_way, 'customer')} whose events still waited here`,
    });
  if (total > 0 && run.ended_at !== null && run.customer_id === null) {
    const fresh = await countNewFindings(sql, run.id, run.started_at - NIGHTS_KNOWN * DAY_MS);
    facts.push({ label: 'New', value: `${fresh} of ${total}; the others an earlier run had found already` });
  }
  return facts;
}

function troubleOf(run: ReconcileRunRow): string {
  const how = run.state === 'failed' ? 'It failed' : 'It goes on by itself as soon as Stripe answers';
  return `${how}: ${run.error ?? 'no reason is known'}`.replace(/([^.])$/, '$1.');
}

async function kindSection(
  sql: Sql,
  runId: string,
  counts: readonly FindingCount[],
  examples: number,
): Promise<Section> {
  const rows: Value[][] = [];
  for (const kind of findingKinds) {
    const own = counts.filter((count) => count.kind === kind);
    if (own.length === 0) continue;
    const shown = await listReconcileFindings(sql, { runId, kind, limit: examples });
    rows.push([{ code: kind }, kindWords[kind].words, statesOf(own), shown.map(exampleOf).join('\n')]);
  }
  return {
    heading: 'What differs',
    table: { columns: ['Kind', 'Means', 'How many', 'For example: Stripe | Lucy'], rows },
  };
}

/** `3 open, 1 put right`. */
function statesOf(counts: readonly FindingCount[]): string {
  const words = {
    open: 'open',
    ambiguous: 'for a person to decide',
    applied: 'put right',
    gone: 'right by now',
    refused: 'refused',
  };
  return listed(
    counts.map(({ state, total, waiting }) =>
      waiting > 0 ? `${total} ${words[state]} (${waiting} being put right)` : `${total} ${words[state]}`,
    ),
  );
}

export function exampleOf(finding: FindingWithEmail): string {
  const who = finding.email ?? finding.stripe_customer_id ?? finding.subject;
  return clamp(`${who}: ${sidesOf(finding)}`, 200);
}

/** `sub_1 is active (pro_monthly) | tier free, access full`: Stripe, and Lucy. */
export function sidesOf({ evidence }: Pick<FindingWithEmail, 'evidence'>): string {
  const { stripe, lucy } = readEvidence(evidence);
  return `${stripe} | ${lucy}`;
}

export function readEvidence(evidence: string): { stripe: string; lucy: string } {
  const { stripe, lucy } = JSON.parse(evidence) as { stripe: string; lucy: string };
  return { stripe, lucy };
}

function buttonsOf(run: ReconcileRunRow, counts: readonly FindingCount[]): ReplyButton[] {
  if (run.ended_at === null)
    return [{ kind: 'command', label: 'Stop it', line: `reconcile cancel ${run.id}` }];
  const open = counts.filter(({ state, total, waiting }) => state === 'open' && total > waiting);
  return [
    ...open.slice(0, BUTTONS_MAX).map(
      ({ kind, total }): ReplyButton => ({
        kind: 'command',
        label: clamp(`Put right: ${wordsOf(kind)} (${total})`, 75),
        line: `reconcile apply ${run.id} --kind ${kind}`,
      }),
    ),
    ...(counts.length > 0
      ? [{ kind: 'command' as const, label: 'Show all', line: `reconcile show ${run.id}` }]
      : []),
  ];
}

function wordsOf(kind: string): string {
  return kindWords[kind as FindingKind].words;
}

/** Brings the card up to date. What the schedule began is told when it is at its end, and not before. */
export async function renewReconcileCard(sql: Sql, cause: Cause, id: string): Promise<void> {
  const run = await findReconcileRun(sql, id);
  if (!run || run.customer_id !== null) return;
  if (run.run_id === null) {
    if (run.ended_at === null) return;
    await renewNightsCard(sql, cause);
    const hasFindings = (await countReconcileFindings(sql, id)).length > 0;
    if (run.state === 'done' && !hasFindings) return;
  }
  await updateReconcileRun(sql, id, { version: run.version + 1, card_at: cause.now });
  const card = await reconciliationCard(sql, id);
  if (!card) return;
  await renewCard(sql, cause, {
    key: `reconciliation:${id}`,
    target: 'billing',
    version: card.version,
    reply: card.reply,
  });
}
