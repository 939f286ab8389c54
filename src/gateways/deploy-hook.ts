import { createHmac } from 'node:crypto';
import { errorMessage } from '#src/core/errors.ts';

/** What the deployment system said. `away`: it was not taken, and may be asked again. `unknown`: it may have been. */
export type HookAnswer =
  | { kind: 'taken' }
  | { kind: 'refused'; detail: string }
  | { kind: 'away'; detail: string }
  | { kind: 'unknown'; detail: string };

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
    const detail = `The deploy hook cannot be reached: ${errorMessage(error)}.`;
    return { kind: wasNeverSent(error) ? 'away' : 'unknown', detail };
  }
}

function read(status: number): HookAnswer {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const detail = `The deploy hook answered ${status}.`;
  if (status === 429 || status === 503) return { kind: 'away', detail };
  return { kind: status >= 500 ? 'unknown' : 'refused', detail };
}

/** Nobody listened: what went over no connection did nothing. */
function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}
