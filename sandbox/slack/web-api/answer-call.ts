import type { SlackContext } from '../context.ts';
import { type Json, textAt } from '../json.ts';
import { findConversation } from '../world/find.ts';
import { methods } from './methods.ts';
import type { RateLimit } from './rate-limit.ts';

export type HttpAnswer = { status: number; headers: Record<string, string>; body: Json };

const json = (body: Json): HttpAnswer => ({ status: 200, headers: {}, body });

/** What Slack answers to a Web API call, faults aside. Errors are 200 with `ok: false`. */
export function answerCall(
  context: SlackContext,
  limit: RateLimit,
  name: string,
  token: string | null,
  args: Json,
): HttpAnswer {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) return json({ ok: false, error: 'unknown_method', req_method: name });
  const refusal = refusalOfToken(context, token, method.token ?? 'bot');
  if (refusal) return json({ ok: false, error: refusal });
  const { scopes } = context.settings;
  const scope = typeof method.scope === 'function' ? method.scope(args, context) : method.scope;
  if (scope !== null && !scopes.has(scope)) {
    return json({ ok: false, error: 'missing_scope', needed: scope, provided: [...scopes].join(',') });
  }
  if (context.settings.enforceRateLimit) {
    const channel = findConversation(context.world, textAt(args, 'channel'))?.id ?? '';
    const seconds = limit.take(name, channel);
    if (seconds > 0) return rateLimited(seconds);
  }
  const answer = method.answer(args, context);
  return {
    status: 200,
    headers: { 'X-OAuth-Scopes': [...scopes].join(','), ...acceptedScope(scope) },
    body: { ok: answer.ok, ...answer.fields },
  };
}

/** 429 with Retry-After in seconds (slack-facts section 8). */
export function rateLimited(seconds: number): HttpAnswer {
  return {
    status: 429,
    headers: { 'Retry-After': String(seconds) },
    body: { ok: false, error: 'ratelimited' },
  };
}

function refusalOfToken(context: SlackContext, token: string | null, wanted: 'bot' | 'app'): string | null {
  const { botToken, appToken } = context.settings;
  if (token === null) return 'not_authed';
  if (token === (wanted === 'app' ? appToken : botToken)) return null;
  return token === botToken || token === appToken ? 'not_allowed_token_type' : 'invalid_auth';
}

const acceptedScope = (scope: string | null) => (scope === null ? {} : { 'X-Accepted-OAuth-Scopes': scope });
