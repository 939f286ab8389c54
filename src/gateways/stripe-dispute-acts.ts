import type Stripe from 'stripe';
import { z } from 'zod';
import { type FetchedDispute, readDispute } from './stripe-disputes-read.ts';
import { createSendingClient, sendOnce } from './stripe-send-once.ts';

/** How a dispute is answered at Stripe, and what an answer rests on. */
export type DisputeActs = {
  getAnswerableDispute(disputeId: string): Promise<AnswerableDispute | null>;
  /** Gives the money up, for good: docs.stripe.com/api/disputes/close. Sends as `createRefund` does. */
  closeDispute(closing: { disputeId: string; idempotencyKey: string }): Promise<AnswerableDispute>;
  /** Keeps a PDF at Stripe; returns its id. One that is named in no answer means nothing. */
  uploadEvidence(upload: { name: string; pdf: Uint8Array; idempotencyKey: string }): Promise<string>;
  /** Sends the evidence to the bank; networks take it once. Sends as `createRefund` does. */
  submitEvidence(answer: {
    disputeId: string;
    evidence: Readonly<Record<string, string>>;
    metadata: Record<string, string>;
    idempotencyKey: string;
  }): Promise<AnswerableDispute>;
};

export type AnswerableDispute = FetchedDispute & {
  metadata: Record<string, string>;
  /** What stands in its evidence now, whoever put it there: all of it goes to the bank with what is submitted. */
  evidence: Record<string, string>;
};

type Ask = <T>(call: () => Promise<T>) => Promise<T | null>;

export function disputeActs(
  stripe: Stripe,
  ask: Ask,
  options: { secretKey: string; apiBase: string; onCall?: (ok: boolean) => void },
): DisputeActs {
  const sender = createSendingClient(options);
  const send = <T>(call: () => Promise<T>): Promise<T> => sendOnce(call, options.onCall);

  return {
    async getAnswerableDispute(id) {
      const raw = await ask(() => stripe.disputes.retrieve(id));
      return raw && readAnswerable(raw);
    },
    async closeDispute({ disputeId, idempotencyKey }) {
      return readAnswerable(await send(() => sender.disputes.close(disputeId, {}, { idempotencyKey })));
    },
    async uploadEvidence({ name, pdf, idempotencyKey }) {
      const file = { data: pdf, name, type: 'application/pdf' };
      const params = { purpose: 'dispute_evidence' as const, file };
      return (await send(() => sender.files.create(params, { idempotencyKey }))).id;
    },
    async submitEvidence({ disputeId, evidence, metadata, idempotencyKey }) {
      const params = { evidence, metadata, submit: true };
      const raw = await send(() => sender.disputes.update(disputeId, params, { idempotencyKey }));
      return readAnswerable(raw);
    },
  };
}

const answerableSchema = z.object({
  evidence: z.record(z.string(), z.unknown()).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});

/** docs.stripe.com/api/disputes/object */
function readAnswerable(raw: unknown): AnswerableDispute {
  const value = answerableSchema.parse(raw);
  return {
    ...readDispute(raw),
    metadata: value.metadata ?? {},
    evidence: Object.fromEntries(
      Object.entries(value.evidence ?? {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
      ),
    ),
  };
}
