import { createHmac } from 'node:crypto';
import { errorMessage } from '#src/core/errors.ts';

/** What the deployment system said. `away`: nobody knows whether it was taken; asking again under the same key is safe. */
export type HookAnswer =
  | { kind: 'taken' }
  | { kind: 'refused'; detail: string }
  | { kind: 'away'; detail: string };

const TIMEOUT_MS = 10_000;

/**
 * Asks for a deployment, once. The body is signed like Stripe's webhooks: `X-Lucy-Signature: t=…,v1=…`, HMAC-SHA256 of
 * `t.body` under DEPLOY_HOOK_SECRET; without a secret it goes unsigned, for hooks whose address is the secret.
 */
export async function askDeployHook(hook: {
  url: string;
  secret: string | null;
  body: Record<string, unknown>;
  idempotencyKey: string;
  now: number;
}): Promise<HookAnswer> {
  const text = JSON.stringify(hook.body);
  const at = Math.floor(hook.now / 1000);
  const signature =
    hook.secret === null
      ? {}
      : {
          'x-lucy-signature': `t=${at},v1=${createHmac('sha256', hook.secret).update(`${at}.${text}`).digest('hex')}`,
        };
  try {
    const response = await fetch(hook.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': hook.idempotencyKey, ...signature },
      body: text,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return read(response.status);
  } catch (error) {
    return { kind: 'away', detail: `The deploy hook cannot be reached: ${errorMessage(error)}.` };
  }
}

function read(status: number): HookAnswer {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const detail = `The deploy hook answered ${status}.`;
  const mayPass = status >= 500 || status === 408 || status === 425 || status === 429;
  return mayPass ? { kind: 'away', detail } : { kind: 'refused', detail };
}
