import { z } from 'zod';
import { neededWords } from '#src/approvals/answered.ts';
import { requireApprover } from '#src/approvals/may-answer.ts';
import { UserError } from '#src/core/errors.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import { ActImpossible } from '#src/runner/act-impossible.ts';
import { type Approved, approveRun } from '#src/runner/approve-run.ts';
import { type CommandContext, defineCommand, type Outcome } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { type Gathered, gatherAct } from '#src/runner/gather-act.ts';
import { approvalField } from '#src/runner/id-fields.ts';
import { type Asked, actContext, findAsked, requireOpen } from '#src/runner/open-approval.ts';

type Ready = { asked: Asked; gathered: Extract<Gathered, { kind: 'gathered' }> };

/** The button's road for the terminal and for typed commands: the preview shows what would happen now. */
export const approvalApprove = defineCommand({
  name: 'approval approve',
  summary: 'Say yes to what a colleague asked for',
  examples: ['approval approve apr_01jd2n8t1k5wq7x3e9r4 --reason "checked the invoice"'],
  allowed: 'any role',
  effect: 'moves value',
  input: z.object({ approval: approvalField, ...changeInputs }),
  positionals: ['approval'],

  async gather({ approval: id }, context): Promise<Ready> {
    const asked = await findAsked(context.sql, context.commands, id);
    requireApprover(context.settings, asked.approval, context.cause.actor);
    requireOpen(asked.approval, context.cause.now);
    const gathered = await gatherAct(context, asked);
    if (gathered.kind === 'impossible') throw cannot(gathered.error);
    return { asked, gathered };
  },

  async plan(_input, context, ready) {
    if (!ready) throw new Error('The approval was not looked up');
    const { approval, run, command } = ready.asked;
    const { plan } = await command.prepare(
      JSON.parse(run.input),
      actContext(context, run, ready.gathered.requester),
      ready.gathered.outside,
    );
    return {
      title: `Approve: ${plan.title}`,
      // The approval's own row is held first; what it does holds the customer.
      customerId: null,
      changes: plan.changes,
      facts: [
        ...(plan.facts ?? []),
        { label: 'Asked by', value: approval.requester_name },
        { label: 'Their reason', value: run.reason ?? 'not given' },
        { label: 'Needs', value: neededWords(approval) },
      ],
      warnings: plan.warnings ?? [],
      confirmLabel: `Approve: ${plan.confirmLabel}`,
      isDanger: plan.isDanger ?? false,
      basis: [approval.id, approval.state, fingerprint(plan.basis)],
      data: ready,
    };
  },

  async execute({ data: { asked, gathered }, title, changes }, context) {
    const approved = await sayYes(context, asked, gathered);
    const { approval } = asked;
    if (approved.kind === 'moved') return askedAnew(approval, title, approved.sentences);
    return {
      title: approved.kind === 'counted' ? `${title}: counted. ${approved.sentence}` : `${title}: approved`,
      customerId: approval.customer_id,
      changes,
      before: { state: 'pending' },
      after: { state: approved.kind === 'done' ? 'approved' : 'pending' },
      undo: {
        line: null,
        sentence: 'An approval cannot be taken back; the act itself says how it is undone.',
      },
      logs: approved.kind === 'done' ? approved.logs : [],
      ...(approved.kind === 'done' && approved.reply.follow ? { follow: approved.reply.follow } : {}),
      // The act has a message of its own, which names everybody.
      isQuiet: true,
      json: { approval: approval.id, approved: approved.kind === 'done' },
    } satisfies Outcome;
  },
});

function askedAnew({ id, customer_id }: Asked['approval'], title: string, sentences: string[]): Outcome {
  return {
    title: `${title}: not approved yet. Something changed since it was asked, so the card asks anew. ${sentences.join(' ')}`,
    customerId: customer_id,
    changes: [],
    before: { state: 'pending' },
    after: { state: 'pending', moved: sentences },
    undo: { line: null, sentence: `Look at it as it is now: approval show ${id}` },
    isQuiet: true,
    isUnfinished: true,
    json: { approval: id, approved: false, moved: sentences },
  };
}

async function sayYes(context: CommandContext, asked: Asked, gathered: Ready['gathered']): Promise<Approved> {
  try {
    return await approveRun(context.sql, context, {
      asked,
      requester: gathered.requester,
      approver: context.cause.actor,
      gathered: gathered.outside,
      seenBasis: null,
    });
  } catch (error) {
    throw error instanceof ActImpossible ? cannot(error.why) : error;
  }
}

function cannot(error: UserError): UserError {
  return new UserError(
    'conflict',
    `This cannot be done any more: ${error.message}`,
    'Deny it with that reason, so that the requester learns of it.',
  );
}
