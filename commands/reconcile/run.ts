import { z } from 'zod';
import type { CustomerRow } from '#db/customers.ts';
import { findLastRun, findOpenRun, insertReconcileRun, type ReconcileRunRow } from '#db/reconcile-runs.ts';
import { fieldError } from '#src/core/errors.ts';
import { counted, listed } from '#src/core/text.ts';
import { findCustomer } from '#src/customers/find.ts';
import { readCreditsSince } from '#src/payments/credits-since.ts';
import { askStripe } from '#src/payments/require-stripe.ts';
import { renewReconcileCard } from '#src/reconciliation/card.ts';
import { keepFindings } from '#src/reconciliation/keep-suspects.ts';
import { type FindingKind, type Found, findingKinds, kindWords } from '#src/reconciliation/kinds.ts';
import { compareCustomer } from '#src/reconciliation/one-customer.ts';
import { requireResumable, resumeRun } from '#src/reconciliation/resume.ts';
import { alreadyOpen, newRun, startReconciliation } from '#src/reconciliation/start.ts';
import { type CommandContext, defineCommand, type Outcome, type Plan } from '#src/runner/define-command.ts';
import { changeInputs, flagField, optionalCustomerField, optionalTextField } from '#src/runner/fields.ts';

type Work =
  | { kind: 'one'; customer: CustomerRow; found: Found[]; isDirty: boolean; kinds: FindingKind[] | null }
  | { kind: 'all'; openedAt: number | null; kinds: FindingKind[] | null }
  | { kind: 'resume'; run: ReconcileRunRow };

const undo = {
  line: null,
  sentence: 'A comparison changes nothing, so there is nothing to take back.',
};

/** Playbook, webhook failure recovery 3: Stripe's subscriptions against local users, in both directions. */
export const reconcileRun = defineCommand({
  name: 'reconcile run',
  summary: 'Compare everything at Stripe with everything here, or one customer',
  examples: [
    'reconcile run --reason "webhooks were lost for an hour" --ticket INC-7',
    'reconcile run sofia@firm.com --reason "says that she paid"',
    'reconcile run --resume --reason "go on from the terminal"',
  ],
  allowed: ['billing', 'oncall'],
  effect: 'reversible',
  input: z.object({
    email: optionalCustomerField,
    kinds: optionalTextField(400, {
      label: 'Only these kinds',
      placeholder: 'paid_not_provisioned,credits_missing',
      hint: 'Separated by commas; all when empty',
    }),
    resume: flagField({ label: 'Go on', hint: 'With the one that is open, or that failed last' }),
    ...changeInputs,
  }),
  positionals: ['email'],

  async gather(input, context): Promise<Work> {
    const { sql, settings, mode, cause } = context;
    const kinds = readKinds(input.kinds);
    if (input.resume) return { kind: 'resume', run: await requireResumable(sql, mode, cause.now) };
    if (input.email === undefined) {
      const open = await findOpenRun(sql, mode);
      if (open) throw alreadyOpen(open);
      const openedAt = await askStripe(context.stripe, (stripe) => stripe.lists.accountOpenedAt());
      return { kind: 'all', openedAt, kinds };
    }
    const customer = await findCustomer(sql, input.email);
    const { found, isDirty } = await askStripe(context.stripe, (stripe) =>
      compareCustomer({ sql, settings, mode, stripe, now: cause.now }, customer),
    );
    const wanted = found.filter((item) => kinds === null || kinds.includes(item.kind));
    return { kind: 'one', customer, found: wanted, isDirty, kinds };
  },

  async plan(_input, { sql, mode }, work): Promise<Plan<Work>> {
    if (!work) throw new Error('Stripe was not asked');
    const facts = [
      { label: 'Effect', value: 'Nothing is changed: differences are written down with both sides' },
    ];
    if (work.kind === 'one')
      return {
        title: `Compare ${work.customer.email} with Stripe`,
        customerId: work.customer.id,
        changes: [],
        facts,
        confirmLabel: 'Compare',
        basis: [work.customer.id],
        data: work,
      };
    if (work.kind === 'resume')
      return {
        title: `Go on with reconciliation ${work.run.id}`,
        customerId: null,
        changes: [{ label: 'State', before: work.run.state, after: 'running' }],
        facts,
        confirmLabel: 'Go on',
        basis: [work.run.id, work.run.ended_at],
        data: work,
      };
    const last = await findLastRun(sql, mode, ['done']);
    return {
      title: `Compare everything at Stripe${work.kinds ? ` (${listed(work.kinds)})` : ''}`,
      customerId: null,
      changes: [],
      facts: [
        ...facts,
        last
          ? { label: 'Last time', value: { at: last.started_at } }
          : { label: 'Last time', value: 'never' },
      ],
      confirmLabel: 'Start the reconciliation',
      basis: ['all', work.kinds],
      data: work,
    };
  },

  async execute({ data: work }, context): Promise<Outcome> {
    if (work.kind === 'one') return writeOne(context, work);
    const { sql, settings, mode, cause } = context;
    const creditsSince = await readCreditsSince(sql, settings, cause.now);
    const run =
      work.kind === 'resume'
        ? await resumeRun(sql, cause, work.run)
        : await startReconciliation(sql, cause, { ...work, settings, mode, creditsSince });
    await renewReconcileCard(sql, cause, run.id);
    const verb = work.kind === 'resume' ? 'goes on' : 'has begun';
    return {
      title: `Reconciliation ${run.id} ${verb}`,
      customerId: null,
      changes: [],
      facts: [
        { label: 'Next', value: 'A card in the billing channel shows how it goes, and “reconcile show” too' },
      ],
      before: null,
      after: { reconciliation: run.id, state: 'running' },
      undo: { line: null, sentence: `It changes nothing; to stop it: reconcile cancel ${run.id}` },
      follow: `reconciliation:${run.id}`,
      isQuiet: true,
      logs: [{ event: 'reconcile_started', action: 'reconcile_started', reconciliation: run.id }],
      json: { reconciliation: run.id },
    };
  },
});

async function writeOne(
  { sql, mode, cause }: CommandContext,
  { customer, found, isDirty, kinds }: Extract<Work, { kind: 'one' }>,
): Promise<Outcome> {
  const run = newRun(cause, mode, {
    customer_id: customer.id,
    kinds: kinds && JSON.stringify(kinds),
    state: 'done',
    expected: 0,
  });
  await insertReconcileRun(sql, { ...run, ended_at: cause.now });
  await keepFindings(sql, run, found, cause.now);
  const waiting = isDirty ? ' Events about them still wait here, so look again in a minute.' : '';
  return {
    title:
      found.length === 0
        ? `${customer.email} is right: Stripe and Lucy agree`
        : `${counted(found.length, 'difference')} found for ${customer.email}`,
    customerId: customer.id,
    changes: [],
    facts: [
      ...found.map((item) => ({
        label: kindWords[item.kind].words,
        value: `Stripe: ${item.stripe}. Lucy: ${item.lucy}. ${item.action}`,
      })),
      ...(found.length > 0 || waiting
        ? [{ label: 'Next', value: `To put it right: reconcile show ${run.id}.${waiting}` }]
        : []),
    ],
    before: null,
    after: { reconciliation: run.id, findings: found.map(({ kind, subject }) => ({ kind, subject })) },
    undo,
    isQuiet: true,
    json: {
      reconciliation: run.id,
      findings: found.map(({ kind, subject, stripe, lucy, action }) => ({
        kind,
        subject,
        stripe,
        lucy,
        action,
      })),
    },
  };
}

function readKinds(text: string | undefined): FindingKind[] | null {
  if (text === undefined) return null;
  const named = text.split(/[,\s]+/).filter(Boolean);
  const unknown = named.filter((name) => !findingKinds.some((kind) => kind === name));
  if (unknown.length === 0 && named.length > 0) return findingKinds.filter((kind) => named.includes(kind));
  throw fieldError(
    'kinds',
    `There is no kind ${listed(unknown)}.`,
    `Choose of ${listed([...findingKinds])}.`,
  );
}
