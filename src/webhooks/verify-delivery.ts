import { isThinEvent, readEvent, type StripeEvent } from '#src/billing-events/read-event.ts';
import { REWRITTEN_BODY } from '#src/event-recovery/diagnose-rejects.ts';
import { findSigner, readSignatureHeader } from './signature.ts';

/** Why a delivery is not taken. Every one of these is a 400, and is counted. */
export type RejectReason =
  | 'no_header'
  | 'bad_signature'
  | 'too_old'
  | 'in_the_future'
  | 'not_utf8'
  | 'not_json'
  | 'not_an_event'
  | 'thin_event';

export type Verified =
  | { ok: true; event: StripeEvent; payload: string; secretSlot: number }
  | { ok: false; reason: RejectReason; detail: string };

/** docs.stripe.com/webhooks#verify-official-libraries: five minutes. */
export const TOLERANCE_SECONDS = 300;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Checks the raw bytes against every live secret, the age both ways, and only then parses. The bytes are decoded
 * strictly first: a lenient decoder would let two different bodies share one signature.
 */
export function verifyDelivery(
  body: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
  now: number,
): Verified {
  if (!header)
    return rejected(
      'no_header',
      'The Stripe-Signature header is missing: is this really sent by Stripe, straight to this address?',
    );
  let payload: string;
  try {
    payload = utf8.decode(body);
  } catch {
    return rejected('not_utf8', 'The body is not UTF-8.');
  }
  const signed = readSignatureHeader(header);
  const slot = signed ? findSigner(body, signed, secrets) : -1;
  if (!signed || slot === -1) {
    return rejected(
      'bad_signature',
      isRewritten(payload)
        ? REWRITTEN_BODY
        : 'No signature matches: the secret is that of another endpoint, or something on the way changed the body.',
    );
  }
  const skewSeconds = Math.floor(now / 1000) - Number(signed.timestamp);
  if (skewSeconds > TOLERANCE_SECONDS)
    return rejected('too_old', `The signature is ${skewSeconds} s old; check this machine’s clock.`);
  if (skewSeconds < -TOLERANCE_SECONDS)
    return rejected(
      'in_the_future',
      `The signature is ${-skewSeconds} s in the future; check this machine’s clock.`,
    );
  return parse(payload, slot);
}

function parse(payload: string, secretSlot: number): Verified {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return rejected('not_json', 'The body is not JSON.');
  }
  if (isThinEvent(value))
    return rejected('thin_event', 'This is a thin event; this endpoint must be a snapshot destination.');
  const event = readEvent(value);
  if (!event) return rejected('not_an_event', 'The body is JSON, but not a Stripe event.');
  return { ok: true, event, payload, secretSlot };
}

/** Stripe writes its JSON with line breaks; only ever evidence for a diagnosis, never a reason to refuse. */
function isRewritten(payload: string): boolean {
  return payload.startsWith('{"') && !payload.includes('\n') && payload.includes('"object":"event"');
}

function rejected(reason: RejectReason, detail: string): Verified {
  return { ok: false, reason, detail };
}
