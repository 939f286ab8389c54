import type { IncomingHttpHeaders } from 'node:http';
import { parse as parseForm } from 'node:querystring';
import { isValidSlackRequest } from '@slack/bolt';

/** What the door does with a request before Bolt sees it. */
export type Verdict =
  | { kind: 'pass'; contentType: string }
  /** Slack's check of the certificate: answered, and never anything more. */
  | { kind: 'ssl_check' }
  | { kind: 'refuse'; status: 400 | 401; why: string };

/** docs.slack.dev/authentication/verifying-requests-from-slack: five minutes. Bolt looks at the past only. */
const SKEW_MAX_SECONDS = 300;
const form = 'application/x-www-form-urlencoded';

export function checkRequest(
  headers: IncomingHttpHeaders,
  body: Buffer,
  signingSecret: string,
  now: number,
): Verdict {
  // Bolt compares the whole header, and so takes a form with a charset for JSON.
  const contentType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const text = body.toString();
  // An ssl_check needs no signature, so whatever else such a request carries is not from Slack.
  if (contentType === form && parseForm(text).ssl_check !== undefined) return { kind: 'ssl_check' };
  const timestamp = headers['x-slack-request-timestamp'];
  const signature = headers['x-slack-signature'];
  if (typeof timestamp !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(timestamp))
    return { kind: 'refuse', status: 401, why: 'The signature headers are missing.' };
  if (Math.abs(now / 1000 - Number(timestamp)) > SKEW_MAX_SECONDS)
    return {
      kind: 'refuse',
      status: 401,
      why: 'The timestamp is more than 300 s away; check this machine’s clock.',
    };
  const isSigned = isValidSlackRequest({
    signingSecret,
    body: text,
    headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) },
  });
  if (!isSigned)
    return { kind: 'refuse', status: 401, why: 'The signature does not match the signing secret.' };
  if (!holdsObject(contentType, text))
    return { kind: 'refuse', status: 400, why: 'The body cannot be read.' };
  return { kind: 'pass', contentType };
}

/** Bolt reads fields of whatever JSON it finds, and `null` has none. */
function holdsObject(contentType: string, text: string): boolean {
  try {
    const payload = contentType === form ? parseForm(text).payload : text;
    if (payload === undefined) return true;
    if (typeof payload !== 'string') return false;
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
