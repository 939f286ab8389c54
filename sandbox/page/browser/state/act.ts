import type { ClientAct } from '../../../slack/client-contract.ts';
import { isRecord, type Json, textAt } from '../read-json.ts';

type WithoutAs<A> = A extends ClientAct ? Omit<A, 'as'> : never;

/** What a person does; who does it is added by the page. */
export type Act = WithoutAs<ClientAct>;

export type ActAnswer = { ok: true; body: Json } | { ok: false; error: string };

/** Posts what a person did. Never throws: a failure is a sentence for that person. */
export function postAct(as: string, act: Act): Promise<ActAnswer> {
  return postJson('/client/act', { as, ...act });
}

/** Posts JSON and reads `{ ok, error }`, the way every part of the sandbox answers. */
export async function postJson(path: string, payload: unknown): Promise<ActAnswer> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(payload),
    });
    const body: unknown = await response.json().catch(() => null);
    if (response.ok && isRecord(body) && body.ok !== false) return { ok: true, body };
    const error = isRecord(body) ? textAt(body, 'error') : '';
    return { ok: false, error: error || `The sandbox answered ${response.status}.` };
  } catch {
    return { ok: false, error: 'The sandbox does not answer. Is it still running?' };
  }
}
