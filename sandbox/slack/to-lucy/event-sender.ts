import type { Courier } from './courier.ts';
import type { Answer, Delivery, Outgoing } from './delivery.ts';

export type EventSender = {
  /** Delivers an event; when Lucy does not take it, Slack's three retries are planned. Answers with the first try. */
  send(outgoing: Outgoing): Promise<Delivery>;
  /** Events that still wait for a retry. */
  waiting(): number;
  /** Makes every planned retry now, one after the other. */
  flushRetries(): Promise<void>;
  close(): void;
};

type Planned = { timer: NodeJS.Timeout; run: () => Promise<void> };

/** Retries: immediately, after 1 minute, after 5 minutes (slack-facts section 6). */
export const slackRetryDelaysMs: readonly number[] = [0, 60_000, 300_000];

export function createEventSender(courier: Courier, retryDelaysMs: readonly number[]): EventSender {
  const planned = new Set<Planned>();
  let isClosed = false;

  async function attempt(outgoing: Outgoing, number: number): Promise<Delivery> {
    const delivery = await courier.deliver(outgoing);
    const reason = reasonToRetry(delivery.response);
    const delay = retryDelaysMs[number];
    if (reason === null || delay === undefined || isClosed) return delivery;
    plan({ ...outgoing, retry: { number: number + 1, reason } }, number + 1, delay);
    return delivery;
  }

  function plan(outgoing: Outgoing, number: number, delayMs: number): void {
    const run = async () => {
      planned.delete(entry);
      clearTimeout(entry.timer);
      await attempt(outgoing, number);
    };
    const entry: Planned = { run, timer: setTimeout(() => void run(), delayMs).unref() };
    planned.add(entry);
  }

  return {
    send: (outgoing) => attempt(outgoing, 0),
    waiting: () => planned.size,
    async flushRetries() {
      for (const entry of [...planned]) await entry.run();
    },
    close() {
      isClosed = true;
      for (const entry of planned) clearTimeout(entry.timer);
      planned.clear();
    },
  };
}

/** Slack's word for the failure, or null when the event was taken or Lucy asked for no retry. */
function reasonToRetry(answer: Answer | null): string | null {
  if (answer === null || answer.problem === 'connection_failed') return 'connection_failed';
  if (answer.problem === 'timeout') return 'http_timeout';
  const status = answer.status ?? 0;
  if (status >= 200 && status < 300) return null;
  return answer.headers['x-slack-no-retry'] === '1' ? null : 'http_error';
}
