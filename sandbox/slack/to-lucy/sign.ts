import { createHmac } from 'node:crypto';

/** Slack's signature over the raw bytes (slack-facts section 7, request signing). */
export function signatureHeaders(secret: string, timestamp: number, rawBody: string): Record<string, string> {
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${rawBody}`).digest('hex');
  return { 'X-Slack-Request-Timestamp': String(timestamp), 'X-Slack-Signature': `v0=${digest}` };
}
