import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { refusalOf } from '#sandbox/page/request-guard.ts';
import { readBody } from '../http/read-body.ts';
import type { LocalStripe } from '../local-stripe-types.ts';
import { ScenarioRefused } from '../scenario.ts';
import { runScenario } from '../scenarios.ts';
import { panelState } from './panel-state.ts';

/** The page sends an id and perhaps a number. */
const largestBody = 4_096;

const scenarioBody = z
  .object({ scenario: z.string() })
  .or(z.object({ id: z.string() }).transform(({ id }) => ({ scenario: id })));
const times = z.number().int().min(1).max(1_000).default(1);
const deliverBody = z
  .object({ event: z.string(), times })
  .or(
    z
      .object({ eventId: z.string(), times })
      .transform(({ eventId, times: count }) => ({ event: eventId, times: count })),
  );

type PanelAnswer = { status: number; body: unknown };

/** Answers GET /stripe/panel, POST /stripe/scenario and POST /stripe/deliver for the sandbox's page. */
export function createPanelListener(stripe: () => LocalStripe) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, body } = await answer(stripe(), request).catch(failed);
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(JSON.stringify(body));
  };
}

async function answer(stripe: LocalStripe, request: IncomingMessage): Promise<PanelAnswer> {
  const refusal = refusalOf(request);
  if (refusal !== null) return { status: 403, body: { ok: false, error: refusal } };
  const path = new URL(request.url ?? '/', 'http://sandbox').pathname;
  switch (`${request.method} ${path}`) {
    case 'GET /stripe/panel':
      return { status: 200, body: panelState(stripe) };
    case 'POST /stripe/scenario': {
      const { scenario } = scenarioBody.parse(await jsonOf(request));
      return { status: 200, body: { ok: true, said: await runScenario(stripe, scenario) } };
    }
    case 'POST /stripe/deliver': {
      const wanted = deliverBody.parse(await jsonOf(request));
      return { status: 200, body: { ok: true, said: await deliver(stripe, wanted) } };
    }
    default:
      return { status: 404, body: { ok: false, error: 'There is nothing here.' } };
  }
}

async function deliver(stripe: LocalStripe, wanted: { event: string; times: number }): Promise<string> {
  const attempts = await stripe.deliver(wanted.event, { times: wanted.times, concurrently: true });
  const last = attempts.at(-1);
  const often = wanted.times === 1 ? 'once' : `${wanted.times} times`;
  return `Delivered ${often}; Lucy answered ${last?.status ?? `nothing (${last?.error})`}.`;
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, largestBody);
  return body === null ? null : JSON.parse(body);
}

function failed(error: unknown): PanelAnswer {
  if (error instanceof ScenarioRefused) return { status: 409, body: { ok: false, error: error.message } };
  const told = error instanceof z.ZodError || error instanceof SyntaxError;
  const message = told ? 'The page sent something that the local Stripe does not understand.' : String(error);
  return { status: 400, body: { ok: false, error: message } };
}
