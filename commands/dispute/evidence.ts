import { z } from 'zod';
import { listEvidenceParts } from '#db/evidence-bundles.ts';
import { findEvidenceDocument } from '#db/evidence-documents.ts';
import { findRun } from '#db/runs.ts';
import { UserError } from '#src/core/errors.ts';
import { gatherDispute } from '#src/disputes/acts/gather.ts';
import { gatherEvidence } from '#src/disputes/acts/gather-evidence.ts';
import { bundleReply } from '#src/disputes/evidence/describe-bundle.ts';
import { documentReply } from '#src/disputes/evidence/describe-document.ts';
import { findNamedBundle } from '#src/disputes/evidence/find-bundle.ts';
import type { Reply } from '#src/replies/reply.ts';
import { type CommandContext, defineLookup } from '#src/runner/define-command.ts';
import { optionalTextField, textField } from '#src/runner/fields.ts';
import { disputeContest } from './contest.ts';

/** What is preserved of a dispute, checked again; or the PDF of a run that contests it. */
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
    if (run) return documentOf(context, run);
    const bundle = await findNamedBundle(context.sql, dispute);
    return bundleReply(bundle, await listEvidenceParts(context.sql, bundle.id));
  },
});

async function documentOf({ sql, settings, stripe }: CommandContext, runId: string): Promise<Reply> {
  const sent = await findEvidenceDocument(sql, runId);
  if (sent)
    return documentReply({
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
  const { dispute: named, ...said } = JSON.parse(run.input);
  const facts = await gatherDispute(sql, stripe, named, (id) => `dispute evidence ${id}`);
  const { evidence } = await gatherEvidence(sql, settings, facts, said);
  const { name, pdf, fields } = evidence;
  return documentReply({ runId, disputeId: facts.dispute.id, name, pdf, fields, approvedAt: null });
}
