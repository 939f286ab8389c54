import { workspace } from '#sandbox/cast.ts';
import type { Outgoing } from './delivery.ts';
import { slackJson } from './encode.ts';

/** The first frame on every connection. */
export function helloFrame(connections: number): string {
  return JSON.stringify({
    type: 'hello',
    num_connections: connections,
    debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: workspace.appId },
  });
}

/** One delivery; only events carry the fields of a retry. */
export function envelopeFrame(id: string, { envelope, retry }: Outgoing): string {
  const retryFields = { retry_attempt: retry?.number ?? 0, retry_reason: retry?.reason ?? '' };
  return slackJson({
    envelope_id: id,
    payload: envelope.payload,
    type: envelope.type,
    accepts_response_payload: envelope.acceptsPayload,
    ...(envelope.type === 'events_api' ? retryFields : {}),
  });
}

export function disconnectFrame(reason: string): string {
  return JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } });
}
