import { z } from 'zod';
import { readInstallation } from '#db/installation.ts';
import { type Proof, type ToldHead, verifyAudit } from '#src/audit/verify.ts';
import { formatUtc, isoTime } from '#src/core/clock.ts';
import { fieldError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import type { Fact, Reply } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { optionalTextField } from '#src/runner/fields.ts';

/** For those whom money is answered for, and those who are woken when it breaks: it reads the whole audit. */
export const auditVerify = defineLookup({
  name: 'audit verify',
  summary: 'Prove that nobody rewrote the audit',
  examples: ['audit verify', `audit verify --head 812:${'0123456789abcdef'.repeat(4)}`],
  allowed: ['billing', 'oncall'],
  effect: 'reads',
  input: z.object({
    head: optionalTextField(100, {
      label: 'Head that you hold',
      placeholder: '812:9f86d081…',
      hint: 'From the channel or the log where Lucy told it; it also proves that the tail was not cut',
    }),
  }),
  positionals: [],

  async answer({ head }, { sql, cause, progress }) {
    const told = head === undefined ? null : toldHead(head);
    const proof = await verifyAudit(sql, cause.now, told, (checked) =>
      progress?.(`${counted(checked, 'sealed row')} checked`),
    );
    const reply = proof.problemCount > 0 ? broken(proof, cause.correlationId) : intact(proof, told);
    const copiedAt = await readInstallation(sql, 'anonymized_copy');
    return copiedAt === null ? reply : ofCopy(reply, Number(copiedAt));
  },
});

/** The rows of a copy say something else than those that they were made of, so its chain is another one. */
function ofCopy(reply: Reply, copiedAt: number): Reply {
  const said = `This is an anonymised copy, made ${formatUtc(copiedAt)}: its chain was begun anew and says nothing about the audit that it was made of.`;
  return { ...reply, warnings: [...(reply.warnings ?? []), said] };
}

function toldHead(text: string): ToldHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (seq === undefined || hash === undefined || Number(seq) === 0) {
    throw fieldError(
      'head',
      'A head is a number, a colon and 64 letters and digits.',
      'Copy it whole from the message or the log line “audit_head”: audit verify --head SEQ:HASH',
    );
  }
  return { seq: Number(seq), hash: hash.toLowerCase() };
}

function intact(proof: Proof, told: ToldHead | null): Reply {
  const { count, isOverdue } = proof.unsealed;
  const waits = `${counted(count, 'row')} ${count === 1 ? 'waits' : 'wait'} to be sealed`;
  return {
    tone: 'info',
    title: `The audit is as it was written: ${counted(proof.checked, 'sealed row')} checked.`,
    facts: [...facts(proof), ...(told ? [{ label: 'Head that you hold', value: 'is in the chain' }] : [])],
    warnings: isOverdue
      ? [
          `${waits}, and should be sealed by now. Lucy seals while she runs: look at her log for “job_failed”.`,
        ]
      : [],
    hint:
      count > 0 && !isOverdue
        ? `${waits}, which happens within seconds while Lucy runs; those could still be changed unseen.`
        : 'To prove that its tail was not cut either, add the last head that Lucy told: --head SEQ:HASH',
    json: { audit: proofJson(proof) },
  };
}

function broken(proof: Proof, correlationId: string): Reply {
  const [first] = proof.problems;
  const title = `The audit was changed behind Lucy’s back. ${first?.sentence ?? ''}`.trim();
  const hint =
    'Keep the database as it is, find out who could write to it, and compare with the last backup. Tell an admin now.';
  return {
    tone: 'refused',
    title,
    facts: facts(proof),
    sections: [
      {
        heading:
          proof.problemCount > proof.problems.length
            ? `The first ${proof.problems.length} of ${proof.problemCount} problems`
            : 'What is wrong',
        lines: proof.problems.map((problem) => [problem.sentence]),
      },
    ],
    hint,
    correlationId,
    json: { error: { code: 'conflict', message: title, hint }, correlationId, audit: proofJson(proof) },
  };
}

function facts(proof: Proof): Fact[] {
  return [
    { label: 'Head', value: proof.seq === 0 ? 'none yet' : { code: `${proof.seq}:${proof.hash}` } },
    { label: 'Heads told outside', value: `${proof.anchors} compared` },
    { label: 'Not sealed yet', value: counted(proof.unsealed.count, 'row') },
  ];
}

function proofJson({ seq, hash, checked, anchors, problems, problemCount, unsealed }: Proof) {
  return {
    intact: problemCount === 0,
    head: { seq, hash },
    checked,
    anchors,
    problemCount,
    problems,
    unsealed: {
      count: unsealed.count,
      oldest: unsealed.oldestAt === null ? null : isoTime(unsealed.oldestAt),
      overdue: unsealed.isOverdue,
    },
  };
}
