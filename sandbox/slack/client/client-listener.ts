import type { ServerResponse } from 'node:http';
import type { SlackContext } from '../context.ts';
import { answerWithDefect } from '../http/answer-with-defect.ts';
import { readBody } from '../http/read-body.ts';
import type { Listener } from '../http/slack-listener.ts';
import { parseJson } from '../json.ts';
import { findPerson } from '../world/find.ts';
import { streamChanges } from './change-stream.ts';
import { performAct } from './perform-act.ts';
import { readAct } from './read-act.ts';
import { refusalOf } from './request-guard.ts';
import { sendFile, visibleFile } from './send-file.ts';
import { snapshotFor } from './snapshot.ts';

/** A file of 10 MB, in base64. */
const maxActBytes = 14 * 1024 * 1024;

/** What the page calls, as `client-contract.ts` says: /client/snapshot, /client/changes, /client/file, /client/act. */
export function clientListener(
  context: SlackContext,
  onChange: (listener: () => void) => () => void,
): Listener {
  return async (request, response) => {
    const refusal = refusalOf(request);
    if (refusal !== null) return send(response, 403, { ok: false, error: refusal });
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const route = `${request.method} ${url.pathname}`;
    if (route === 'GET /client/changes') return streamChanges(onChange, request, response);
    if (route === 'GET /client/snapshot') {
      const person = findPerson(context.world, url.searchParams.get('as') ?? '');
      if (!person) return send(response, 404, { ok: false, error: 'This person does not exist.' });
      return send(response, 200, snapshotFor(context.world, person));
    }
    if (route === 'GET /client/file') {
      const person = findPerson(context.world, url.searchParams.get('as') ?? '');
      const file = person && visibleFile(context.world, person, url.searchParams.get('id') ?? '');
      if (!file) return send(response, 404, { ok: false, error: 'This file is not there.' });
      return sendFile(response, file);
    }
    if (route !== 'POST /client/act')
      return send(response, 404, { ok: false, error: 'There is nothing here.' });
    const body = await readBody(request, maxActBytes);
    const act = readAct(parseJson(body ?? ''));
    if (!act) return send(response, 400, { ok: false, error: 'The sandbox does not understand this act.' });
    try {
      send(response, 200, await performAct(context, act));
    } catch (error) {
      answerWithDefect(response, error);
    }
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
