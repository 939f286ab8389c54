import type { FormTree, FormValue } from './form.ts';
import { invalidRequest } from './stripe-refusal.ts';

/** How one parameter is read; throws what Stripe answers to a bad value. */
export type Param<T> = { read(value: FormValue, name: string): T };
export type RequiredParam<T> = Param<T> & { required: true };
export type ParamTable = Record<string, Param<unknown>>;

/** What a handler gets: everything optional may be undefined. */
export type Parsed<S extends ParamTable> = {
  [K in keyof S]: S[K] extends RequiredParam<infer T>
    ? T
    : S[K] extends Param<infer T>
      ? T | undefined
      : never;
};

/** Reads the parameters of a call. Unknown ones are refused, as Stripe does. */
export function readParams<S extends ParamTable>(table: S, tree: FormTree, inside = ''): Parsed<S> {
  const nameOf = (key: string) => (inside ? `${inside}[${key}]` : key);
  const unknown = Object.keys(tree).filter((key) => !Object.hasOwn(table, key));
  if (unknown.length > 0) throw unknownParams(unknown.map(nameOf));
  const parsed: Record<string, unknown> = {};
  for (const [key, param] of Object.entries(table)) {
    const value = tree[key];
    if (value !== undefined) parsed[key] = param.read(value, nameOf(key));
    else if ('required' in param) {
      throw invalidRequest(`Missing required param: ${nameOf(key)}.`, {
        code: 'parameter_missing',
        param: nameOf(key),
      });
    }
  }
  return parsed as Parsed<S>;
}

function unknownParams(names: string[]) {
  return invalidRequest(`Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`, {
    code: 'parameter_unknown',
    param: names[0] ?? '',
  });
}

export function required<T>(param: Param<T>): RequiredParam<T> {
  return { ...param, required: true };
}
