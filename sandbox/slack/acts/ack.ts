import type { Answer, Delivery } from '../to-lucy/delivery.ts';

/** Slack's word for what went wrong with an act. */
export type ActFailure =
  | 'operation_timeout'
  | 'dispatch_failed'
  | 'invalid_command_response'
  | 'invalid_response'
  /** The client itself refused: a required input is empty, a number is no number. Nothing was sent. */
  | 'incomplete'
  /** Slack refused the command itself: unknown, or typed in a thread. Nothing was sent. */
  | 'not_a_command';

/** How an act ended. Whatever Lucy does after her ack comes later: `settled()` and `waitFor()` wait for it. */
export type Ack = {
  failure: ActFailure | null;
  /** Null when nothing was sent to Lucy. */
  deliveryId: string | null;
  status: number | null;
  body: string;
  durationMs: number;
};

export const nothingSent = (failure: ActFailure | null): Ack => ({
  failure,
  deliveryId: null,
  status: null,
  body: '',
  durationMs: 0,
});

export function ackOf(delivery: Delivery, failure: ActFailure | null): Ack {
  return {
    failure,
    deliveryId: delivery.id,
    status: delivery.response?.status ?? null,
    body: delivery.response?.body ?? '',
    durationMs: delivery.response?.durationMs ?? 0,
  };
}

/** The failure of an ack from which nothing but its status matters. */
export function plainFailure(answer: Answer | null): 'operation_timeout' | 'dispatch_failed' | null {
  if (answer?.problem === 'timeout') return 'operation_timeout';
  const status = answer?.status ?? 0;
  return status >= 200 && status < 300 ? null : 'dispatch_failed';
}

const sentences: Record<ActFailure, string> = {
  operation_timeout: 'Lucy did not answer within 3 seconds.',
  dispatch_failed: 'Lucy could not be reached, or answered with an error.',
  invalid_command_response: 'Lucy answered with a message that Slack refuses.',
  invalid_response: 'We had some trouble connecting. Try again?',
  incomplete: 'Some fields are not filled in as they should be.',
  not_a_command: 'Slack refused the command.',
};

export const failureSentence = (failure: ActFailure): string => sentences[failure];
