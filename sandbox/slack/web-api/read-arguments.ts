import type { IncomingMessage } from 'node:http';
import { isRecord, type Json, parseJson } from '../json.ts';

/** Arguments that hold JSON, in a form as in a JSON body. */
const jsonArguments = new Set(['blocks', 'attachments', 'metadata', 'view', 'files']);

export type Call = { token: string | null; args: Json };

/** The token and arguments of a Web API call, from a form, a JSON body or the query (Slack takes all three). */
export function readCall(request: IncomingMessage, body: string): Call {
  const type = request.headers['content-type'] ?? '';
  const query = new URL(request.url ?? '/', 'http://sandbox').searchParams.toString();
  const parsed = type.includes('application/json') ? parseJson(body || '{}') : formArguments(body);
  const args: Json = { ...formArguments(query), ...(isRecord(parsed) ? parsed : {}) };
  for (const name of jsonArguments) if (typeof args[name] === 'string') args[name] = jsonOrText(args[name]);
  const { token, ...rest } = args;
  return { token: bearer(request) ?? (typeof token === 'string' && token !== '' ? token : null), args: rest };
}

const formArguments = (body: string): Json => Object.fromEntries(new URLSearchParams(body));

/** What is not JSON stays a text, and is refused as such further on. */
function jsonOrText(value: string): unknown {
  const parsed = parseJson(value);
  return parsed === undefined ? value : parsed;
}

function bearer(request: IncomingMessage): string | null {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
