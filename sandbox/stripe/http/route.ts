import type { Core } from '../world/core.ts';
import type { FormTree } from './form.ts';
import { arrayOf, text } from './param-kinds.ts';
import { type ParamTable, type Parsed, readParams } from './params.ts';

export type Method = 'DELETE' | 'GET' | 'POST';

/** What answers: a stored object or a list of them; the listener copies and expands it. */
export type Answer = { object: string } & Record<string, unknown>;

/** A call whose parameters are read and found good, ready to run. */
export type ReadyCall = { expand: string[]; run(core: Core): object };

export type Route = {
  method: Method;
  path: string;
  /** The `:id` of the path, or null when this is not the route. */
  match(method: string, path: string): string | null;
  prepare(id: string, tree: FormTree): ReadyCall;
};

/**
 * One row of the route table: `GET /v1/customers/:id`, its parameters, and what it does. Every route takes
 * `expand` too. Parameters that are not in the row are refused.
 */
export function route<S extends ParamTable>(
  line: `${Method} /${string}`,
  params: S,
  answer: (call: { core: Core; id: string; params: Parsed<S> }) => object,
): Route {
  const [method = 'GET', path = '/'] = line.split(' ');
  const pattern = new RegExp(`^${path.replace(':id', '([^/]+)')}$`);
  return {
    method: method as Method,
    path,
    match(requestMethod, requestPath) {
      const found = requestMethod === method ? pattern.exec(requestPath) : null;
      return found ? decodeURIComponent(found[1] ?? '') : null;
    },
    prepare(id, { expand: asked, ...tree }) {
      const expand = asked === undefined ? [] : arrayOf(text).read(asked, 'expand');
      const parsed = readParams(params, tree);
      return { expand, run: (core) => answer({ core, id, params: parsed }) };
    },
  };
}
