import { z } from 'zod';
import { listEvidenceParts } from '#db/evidence-bundles.ts';
import { findEvidenceDocument } from '#db/evidence-documents.ts';
import { findRun } from '#db/runs.ts';
import { recordAudit } from '#src/audit/record.ts';
import { UserError } from '#src/core/errors.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import { gatherDispute } from '#src/disputes/acts/gather.ts';
import { gatherEvidence } from '#src/disputes/acts/gather-evidence.ts';
import { bundleReply } from '#src/disputes/evidence/describe-bundle.ts';
import { documentReply } from '#src/disputes/evidence/describe-document.ts';
import { findNamedBundle } from '#src/disputes/evidence/find-bundle.ts';
import type { Reply } from '#src/replies/reply.ts';
import { type CommandContext, defineLookup } from '#src/runner/define-command.ts';
import { optionalTextField, textField } from '#src/runner/fields.ts';
import { disputeContest } from './contest.ts';

/**
 * What is preserved of a dispute, checked again; or the PDF of a run that contests it. It changes nothing, but it hands
 * out all that is known of a customer, so it stands in the audit.
 */
export const disputeEvidence = defineLookup({
  name: 'dispute evidence',
  summary: 'The preserved evidence of a dispute as a file, its sums checked again',
  examples: [
    'dispute evidence du_1MtJUT2eZvKYlo2CNaw2HvEv',
    'dispute evidence du_1MtJUT2eZvKYlo2CNaw2HvEv --run run_01kn',
  ],
  allowed: ['billing'],
  effect: 'reads',
  input: z.object({
    dispute: textField(254, 'Name the dispute, its payment, the customer, or the evidence (bnd_…).', {
      label: 'Dispute',
      placeholder: 'du_…, mail@disputed.example or bnd_…',
    }),
    run: optionalTextField(100, {
      label: 'Run',
      placeholder: 'run_…',
      hint: 'The PDF that this “dispute contest” sends or sent',
    }),
  }),
  positionals: ['dispute'],

  async answer({ dispute, run }, context) {
    if (run) return documentOf(context, dispute, run);
    const { sql, cause } = context;
    const bundle = await findNamedBundle(sql, dispute);
    const reply = bundleReply(bundle, await listEvidenceParts(sql, bundle.id));
    await recordHandedOut(
      context,
      bundle.customer_id,
      { dispute },
      { bundle: bundle.id, sha256: bundle.sha256 },
    );
    return { ...reply, correlationId: cause.correlationId };
  },
});

async function recordHandedOut(
  { sql, cause }: CommandContext,
  customerId: string,
  input: { dispute: string; run?: string },
  after: { bundle: string; sha256: string } | { document: string; sha256: string },
): Promise<void> {
  await recordAudit(sql, cause, {
    command: 'dispute evidence',
    outcome: 'done',
    customerId,
    input,
    before: null,
    after,
  });
}

async function documentOf(context: CommandContext, named: string, runId: string): Promise<Reply> {
  const { sql, settings, stripe, cause } = context;
  const handOut = async (customerId: string, shown: Parameters<typeof documentReply>[0]): Promise<Reply> => {
    await recordHandedOut(
      context,
      customerId,
      { dispute: named, run: runId },
      { document: shown.name, sha256: sha256(shown.pdf) },
    );
    return { ...documentReply(shown), correlationId: cause.correlationId };
  };
  const sent = await findEvidenceDocument(sql, runId);
  if (sent)
    return handOut(sent.customer_id, {
      runId,
      disputeId: sent.dispute_id,
      name: sent.name,
      pdf: Buffer.from(sent.content, 'base64'),
      fields: JSON.parse(sent.fields),
      approvedAt: sent.created_at,
    });
  const run = await findRun(sql, runId);
  if (run?.command !== disputeContest.name) {
    const message = `${runId} contests no dispute.`;
    const hint = 'The run stands on the request for approval, and on the receipt.';
    throw new UserError('not_found', message, hint, { run: message });
  }
  const { dispute: asked, ...said } = JSON.parse(run.input);
  const facts = await gatherDispute(sql, stripe, asked, (id) => `dispute evidence ${id}`);
  const { evidence, customer } = await gatherEvidence(sql, settings, facts, said);
  const { name, pdf, fields } = evidence;
  return handOut(customer.id, { runId, disputeId: facts.dispute.id, name, pdf, fields, approvedAt: null });
}
