import type { Core } from '../world/core.ts';
import { snapshotOf } from '../world/snapshot.ts';
import { expandable } from './expandable.ts';
import { invalidRequest } from './stripe-refusal.ts';

type Json = Record<string, unknown>;

/** https://docs.stripe.com/api/expanding_objects: four levels, and the `data` of a list is one of them. */
const deepest = 4;

/** Refused before anything is done; what cannot be expanded shows only in the answer. */
export function checkDepth(paths: string[]): void {
  const tooDeep = paths.find((path) => path.split('.').length > deepest);
  if (tooDeep === undefined) return;
  throw invalidRequest(`You cannot expand more than 4 levels of a property. Property: ${tooDeep}`, {
    param: 'expand',
  });
}

/** Replaces ids by objects in an answer, in place, as `expand` asks. */
export function expandAnswer(core: Core, answer: Json, paths: string[]): void {
  for (const path of paths) {
    const steps = path.split('.');
    const isList = answer.object === 'list';
    if (isList && steps[0] !== 'data') throw cannotExpand(steps[0] ?? '', `data.${path}`);
    expandStep(core, { holder: answer, owner: answer, path: '' }, steps);
  }
}

/** Where we are: the hash that we look into, the Stripe object that it belongs to, and our path inside that. */
type Place = { holder: Json; owner: Json; path: string };

function expandStep(core: Core, { holder, owner, path }: Place, steps: string[]): void {
  const [step = '', ...rest] = steps;
  const inside = path ? `${path}.${step}` : step;
  const rules = expandable[String(owner.object)] ?? {};
  const rule = rules[inside];
  if (rule) {
    if ('make' in rule) holder[step] ??= copyOf(core, rule.make(core, owner));
    else if (typeof holder[step] === 'string')
      holder[step] = found(core, rule.look(core, holder[step]), holder[step]);
    if (rest.length > 0) goInto(core, { holder, owner, path }, step, inside, rest);
    return;
  }
  // A list that is always there, such as a subscription's items, may be named without effect.
  if (rest.length === 0 && isJson(holder[step]) && holder[step].object === 'list') return;
  if (rest.length === 0) throw cannotExpand(step);
  goInto(core, { holder, owner, path }, step, inside, rest);
}

function goInto(core: Core, { holder, owner }: Place, step: string, inside: string, rest: string[]): void {
  const next = holder[step];
  if (next === null) return;
  if (!isJson(next) && !Array.isArray(next)) throw cannotExpand(step);
  for (const inner of Array.isArray(next) ? next : [next]) {
    if (!isJson(inner)) throw cannotExpand(step);
    const isObject = typeof inner.object === 'string';
    const place = isObject
      ? { holder: inner, owner: inner, path: '' }
      : { holder: inner, owner, path: inside };
    expandStep(core, place, rest);
  }
}

function found(core: Core, row: { id: string; object: string } | undefined, id: string): unknown {
  return row ? snapshotOf(core.tables, row) : id;
}

function copyOf(core: Core, made: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(made));
  if (isJson(copy) && Array.isArray(copy.data)) copy.data = copy.data.map((row) => trimmed(core, row));
  return copy;
}

function trimmed(core: Core, row: unknown): unknown {
  return isJson(row) && typeof row.id === 'string' && typeof row.object === 'string'
    ? snapshotOf(core.tables, { ...row, id: row.id, object: row.object })
    : row;
}

function cannotExpand(step: string, better?: string) {
  const hint = better === undefined ? '' : ` You may want to try expanding '${better}' instead.`;
  return invalidRequest(`This property cannot be expanded (${step}).${hint}`, { param: 'expand' });
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
