import type { Json } from '../json.ts';
import type { DeliveryKind, Outgoing } from '../to-lucy/delivery.ts';
import { formBody, slackJson } from '../to-lucy/encode.ts';

/** Wraps an interactive payload: one form field `payload` with JSON (slack-facts section 5). */
export function interaction(kind: DeliveryKind, label: string, payload: Json): Outgoing {
  return {
    kind,
    label: `${kind} · ${label}`,
    contentType: 'application/x-www-form-urlencoded',
    rawBody: formBody({ payload: slackJson(payload) }),
    envelope: {
      type: 'interactive',
      payload,
      acceptsPayload: kind === 'view_submission' || kind === 'block_suggestion',
    },
  };
}
