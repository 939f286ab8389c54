import { z } from 'zod';
import { errorAnswer } from './answers.ts';
import type { ApiRoute } from './define-route.ts';
import { callerIdField } from './fields.ts';

type Json = Record<string, unknown>;

const errors: Readonly<Record<string, string>> = {
  '400': 'The request is not right; the message names the field.',
  '401': 'There is no API key, or an unknown one.',
  '403': 'The account is locked, or the API key is not for this.',
  '404': 'There is no such customer or hold.',
  '409': 'Not enough credits, or it was done before and differently.',
  '413': 'The body is over 1 MiB.',
  '415': 'The body is not JSON.',
  '429': 'Too many requests; Retry-After says for how many seconds.',
  '500': 'Something went wrong inside Lucy; the correlation id finds it in the log.',
  '503': 'Lucy’s database does not answer; send the same request again.',
};

/** The OpenAPI 3.1 document, from the same zod schemas that check each request. */
export function describeApi(routes: readonly ApiRoute[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(':id', '{id}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lucy: the product’s API',
      version: '1.0.0',
      description:
        'Entitlements and AI credits. Whatever changes something is done once, however often it is sent, and is written into the audit under the name of the API key. X-Request-ID becomes the correlation id, and is in every answer.',
    },
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'A key of LUCY_API_KEYS.' } },
      schemas: { Error: schemaOf(errorAnswer, 'output') },
    },
  };
}

function describeRoute(route: ApiRoute): Json {
  const input = schemaOf(route.input, 'input');
  const isRead = route.method === 'GET';
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: [route.description, `Needs a key with the scope “${route.scope}”, or one without bounds.`]
      .filter(Boolean)
      .join(' '),
    parameters: [
      ...pathParameters(route),
      ...(isRead ? queryParameters(input) : []),
      ...(!isRead && route.once === 'caller' ? [keyParameter] : []),
      requestIdParameter,
    ],
    ...(isRead
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: input } } } }),
    responses: {
      [route.status]: {
        description: 'Done.',
        headers: { 'X-Request-ID': { schema: { type: 'string' } } },
        content: { 'application/json': { schema: schemaOf(route.answer, 'output') } },
      },
      ...Object.fromEntries(
        Object.entries(errors).map(([status, description]) => [
          status,
          {
            description,
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
          },
        ]),
      ),
    },
  };
}

/** `POST /api/credits/holds/:id/void` is `post_credits_holds_id_void`. */
function operationId(route: ApiRoute): string {
  const words = route.path.replace('/api', '').replaceAll(':', '').split('/');
  return [route.method.toLowerCase(), ...words.filter(Boolean)].join('_');
}

const keyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'A new one for each act, the same for its repetitions. May stand in the body as idempotencyKey instead.',
  schema: schemaOf(callerIdField, 'input'),
};

const requestIdParameter = {
  name: 'X-Request-ID',
  in: 'header',
  description: 'Becomes the correlation id. One is made when it is left out.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,128}$' },
};

function pathParameters(route: ApiRoute): Json[] {
  if (!route.id) return [];
  return [{ name: 'id', in: 'path', required: true, schema: schemaOf(route.id, 'input') }];
}

function queryParameters(input: Json): Json[] {
  const required = (input.required ?? []) as string[];
  return Object.entries((input.properties ?? {}) as Record<string, Json>).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
