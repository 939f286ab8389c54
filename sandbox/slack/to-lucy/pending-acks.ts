import { isRecord, parseJson, textAt } from '../json.ts';
import type { Answer } from './delivery.ts';

export type PendingAcks = {
  /** The ack of this envelope, or no answer after `timeoutMs`. */
  wait(envelopeId: string, timeoutMs: number): Promise<Answer>;
  /** A frame that Lucy sent. */
  read(frame: string): void;
  /** Nothing will come any more. */
  giveUp(): void;
};

type Outcome = Pick<Answer, 'status' | 'body' | 'problem'>;

export const noConnection: Outcome = { status: null, body: '', problem: 'connection_failed' };

/** Ties acks to envelopes: `{ envelope_id, payload? }` (slack-facts section 9). */
export function createPendingAcks(): PendingAcks {
  const waiting = new Map<string, (outcome: Outcome) => void>();
  return {
    async wait(envelopeId, timeoutMs) {
      const startedAt = performance.now();
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      const timer = setTimeout(() => resolve({ ...noConnection, problem: 'timeout' }), timeoutMs);
      waiting.set(envelopeId, resolve);
      const outcome = await promise;
      clearTimeout(timer);
      waiting.delete(envelopeId);
      return answerOf(outcome, performance.now() - startedAt);
    },
    read(frame) {
      const ack = parseJson(frame);
      if (!isRecord(ack)) return;
      // Bolt sends `payload: {}` for an ack without words.
      const hasPayload = isRecord(ack.payload) && Object.keys(ack.payload).length > 0;
      const body = hasPayload ? JSON.stringify(ack.payload) : '';
      waiting.get(textAt(ack, 'envelope_id'))?.({ status: 200, body, problem: null });
    },
    giveUp() {
      for (const resolve of waiting.values()) resolve(noConnection);
    },
  };
}

export function answerOf(outcome: Outcome, durationMs: number): Answer {
  return { ...outcome, headers: {}, durationMs: Math.round(durationMs) };
}
