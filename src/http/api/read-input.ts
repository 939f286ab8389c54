import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { readBody } from '#src/core/read-body.ts';
import type { ApiRoute } from './define-route.ts';
import { ApiProblem, inputProblem } from './problem.ts';

const BODY_MAX_BYTES = 1024 * 1024;

/** What was asked, checked: the query of a GET, the JSON body of anything else. Throws an `ApiProblem`. */
export async function readInput(route: ApiRoute, request: IncomingMessage, url: URL): Promise<unknown> {
  const given = route.method === 'GET' ? readQuery(url) : await readJson(request, url);
  const parsed = route.input.safeParse(given);
  if (parsed.success) return parsed.data;
  throw inputProblem(parsed.error, `${route.method} ${route.path}`, fieldNames(route));
}

export function fieldNames(route: ApiRoute): string[] {
  return route.input instanceof z.ZodObject ? Object.keys(route.input.shape) : [];
}

function readQuery(url: URL): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (Object.hasOwn(query, name))
      throw new ApiProblem(400, 'invalid', `“${name}” is in the query twice.`, 'Give each name once.');
    query[name] = value;
  }
  return query;
}

async function readJson(request: IncomingMessage, url: URL): Promise<unknown> {
  const [twice] = url.searchParams.keys();
  if (twice !== undefined)
    throw new ApiProblem(
      400,
      'invalid',
      `“${twice.slice(0, 100)}” is in the query, where nothing is read.`,
      'Put it into the JSON body.',
    );
  const body = await readBody(request, BODY_MAX_BYTES);
  if (!body.ok && body.problem === 'too_large')
    throw new ApiProblem(413, 'too_large', 'The body is over 1 MiB.', 'Send less in one request.');
  if (!body.ok) throw new ApiProblem(400, 'aborted', 'The body broke off.', 'Send the request again.');
  if (body.bytes.length === 0) return {};
  assertJsonType(request);
  const value = parseJson(body.bytes);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ApiProblem(
    400,
    'invalid',
    'The body is not one JSON object in UTF-8.',
    'Send one such as {"email":"sofia@firm.com","amount":5}.',
  );
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function assertJsonType(request: IncomingMessage): void {
  const type = request.headers['content-type'] ?? '';
  const isJson = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (isJson && encoding === 'identity') return;
  throw new ApiProblem(
    415,
    'unsupported_media_type',
    isJson ? `The body is encoded as ${encoding.slice(0, 40)}.` : 'The body is not sent as JSON.',
    'Send “Content-Type: application/json”, in UTF-8 and not compressed.',
  );
}
