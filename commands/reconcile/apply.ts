import { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import {
  findReconcileFinding,
  listReconcileFindings,
  queueFindings,
  summariseOpenFindings,
} from '#db/reconcile-findings.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { renewReconcileCard, sidesOf } from '#src/reconciliation/card.ts';
import { requireRun } from '#src/reconciliation/find-run.ts';
import { type FindingKind, kindWords } from '#src/reconciliation/kinds.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import {
  optionalFindingField,
  optionalKindField,
  reconciliationField,
} from '#src/runner/reconcile-fields.ts';

const EXAMPLES = 5;

/**
 * Puts right what a reconciliation found, kind by kind. Each subject is looked at afresh when its turn comes, and nothing
 * is written directly: the customer is fetched from Stripe anew, by the same worker as after any webhook.
 */
export const reconcileApply = defineCommand({
  name: 'reconcile apply',
  summary: 'Put right what a reconciliation found',
  examples: [
    'reconcile apply rec_01jd3kq7 --kind paid_not_provisioned --reason "webhooks were lost" --ticket INC-7',
    'reconcile apply rec_01jd3kq7 --finding rcf_01jd3kr2 --reason "checked with Sofia"',
  ],
  allowed: ['billing', 'oncall'],
  effect: 'moves value',
  input: z.object({
    reconciliation: reconciliationField,
    kind: optionalKindField,
    finding: optionalFindingField,
    ...changeInputs,
  }),
  positionals: ['reconciliation'],

  async plan({ reconciliation, kind, finding }, { sql }) {
    if ((kind === undefined) === (finding === undefined))
      throw new UserError(
        'usage',
        'Say which: all of one kind, or one finding.',
        'For example: reconcile apply rec_… --kind paid_not_provisioned',
        { kind: 'Choose a kind, or name a finding.' },
      );
    const run = await requireRun(sql, reconciliation);
    const wanted = { runId: run.id, kind, id: finding };
    const { total, first, last } = await summariseOpenFindings(sql, wanted);
    if (total === 0) throw await nothingOpen(sql, run.id, kind, finding);
    const shown = await listReconcileFindings(sql, { ...wanted, limit: EXAMPLES });
    const one = finding ? await findReconcileFinding(sql, finding) : undefined;
    const words = wordsOf(kind ?? one?.kind);
    return {
      title: `Put ${counted(total, 'difference')} right: ${words}`,
      customerId: one?.customer_id ?? null,
      changes: shown
        .filter((row) => row.state === 'open')
        .map((row) => ({ label: row.email ?? row.subject, before: sidesOf(row), after: row.action })),
      facts: [
        { label: 'Reconciliation', value: { code: run.id } },
        {
          label: 'How',
          value:
            'Each is looked at afresh at Stripe; what is right by then or became ambiguous is left alone',
        },
      ],
      warnings:
        total > shown.length
          ? [`These are ${shown.length} of ${total}; all of them: reconcile show ${run.id} --csv`]
          : [],
      confirmLabel: `Put ${counted(total, 'difference')} right`,
      basis: [run.id, kind ?? null, finding ?? null, total, first, last],
      data: { wanted, words, total },
    };
  },

  async execute({ data: { wanted, words, total }, changes }, { sql, cause }) {
    if (!cause.runId) throw new Error('A repair is a run’s');
    const queued = await queueFindings(sql, wanted, cause.runId);
    if (queued !== total) throw new Error(`${queued} findings were open instead of ${total}`);
    await renewReconcileCard(sql, cause, wanted.runId);
    return {
      title: `${counted(total, 'difference')} (${words}) ${total === 1 ? 'is' : 'are'} being put right`,
      customerId: null,
      changes,
      facts: [{ label: 'Next', value: `How it goes: reconcile show ${wanted.runId}` }],
      before: { open: total },
      after: { reconciliation: wanted.runId, kind: wanted.kind ?? null, queued: total },
      undo: {
        line: null,
        sentence:
          'It brings things in line with what Stripe says, so there is nothing to take back; credits can be moved with credits grant and credits reverse.',
      },
      logs: [
        { event: 'reconcile_apply', action: 'reconcile_apply', reconciliation: wanted.runId, count: total },
      ],
      json: { reconciliation: wanted.runId, queued: total },
    };
  },
});

async function nothingOpen(
  sql: Sql,
  runId: string,
  kind: FindingKind | undefined,
  id: string | undefined,
): Promise<UserError> {
  const [row] = await listReconcileFindings(sql, { runId, kind, id, limit: 1 });
  if (!row)
    return new UserError(
      'not_found',
      `Reconciliation ${runId} found nothing of that.`,
      `What it found: reconcile show ${runId}`,
    );
  if (row.state === 'ambiguous')
    return new UserError(
      'refused',
      `“${kindWords[row.kind as FindingKind].words}” is for a person to decide, so Lucy does not put it right by herself.`,
      `What to do: ${row.action}`,
    );
  return new UserError(
    'conflict',
    row.apply_run !== null && row.state === 'open'
      ? 'It is being put right already.'
      : `Nothing of it is open any more: ${row.outcome ?? row.state}`,
    `How it went: reconcile show ${runId}`,
  );
}

function wordsOf(kind: string | undefined): string {
  return kindWords[kind as FindingKind].words;
}
