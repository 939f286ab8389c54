import { isRecord } from '../json.ts';
import { codePoints } from './code-points.ts';
import type { Problem, Rule, ShapeRule, Surface } from './rule.ts';

/**
 * Checks a value against a rule, in the words of Slack's own validator (slack-facts section 2: hack-json-schema,
 * and error texts seen in public issues). Answers with every problem found.
 */
export function check(rule: Rule, value: unknown, pointer: string, surface: Surface): Problem[] {
  switch (rule.is) {
    case 'string':
      return typeof value === 'string'
        ? checkLength(value, rule.min, rule.max, pointer)
        : [mustBe('a string')];
    case 'pattern':
      if (typeof value !== 'string') return [mustBe('a string')];
      return rule.pattern.test(value) ? [] : [{ message: rule.says, pointer }];
    case 'choice':
      if (typeof value !== 'string') return [mustBe('a string')];
      return rule.of.includes(value) ? [] : [{ message: 'must be a valid enum value', pointer }];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [mustBe('a boolean')];
    case 'integer':
      return checkInteger(value, rule.min, rule.max, pointer);
    case 'number':
      return typeof value === 'number' ? [] : [mustBe('a number')];
    case 'nullable':
      return value === null ? [] : check(rule.rule, value, pointer, surface);
    case 'later':
      return check(rule.rule(), value, pointer, surface);
    case 'list':
      return checkList(rule, value, pointer, surface);
    case 'shape':
      return checkShape(rule, value, pointer, surface);
    case 'typed':
      return checkTyped(rule, value, pointer, surface);
  }

  function mustBe(what: string): Problem {
    return { message: `must provide ${what}`, pointer };
  }
}

function checkLength(value: string, min: number, max: number, pointer: string): Problem[] {
  const length = codePoints(value);
  if (length < min) return [{ message: `must be more than ${min - 1} characters`, pointer }];
  if (length > max) return [{ message: `must be less than ${max + 1} characters`, pointer }];
  return [];
}

function checkInteger(value: unknown, min: number, max: number, pointer: string): Problem[] {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return [{ message: 'must provide an integer', pointer }];
  }
  if (value < min) return [{ message: `must be more than ${min}`, pointer }];
  if (value > max) return [{ message: `must be less than ${max}`, pointer }];
  return [];
}

type ListRule = Extract<Rule, { is: 'list' }>;
type TypedRule = Extract<Rule, { is: 'typed' }>;

function checkList(rule: ListRule, value: unknown, pointer: string, surface: Surface): Problem[] {
  if (!Array.isArray(value)) return [{ message: 'must provide an array', pointer }];
  if (value.length > rule.max) return [{ message: `no more than ${rule.max} items allowed`, pointer }];
  if (value.length < rule.min) return [{ message: `must provide at least ${rule.min} items`, pointer }];
  return value.flatMap((item, index) => check(rule.of, item, `${pointer}/${index}`, surface));
}

function checkShape(rule: ShapeRule, value: unknown, pointer: string, surface: Surface): Problem[] {
  if (!isRecord(value)) return [{ message: 'must provide an object', pointer }];
  const problems: Problem[] = [];
  for (const [name, field] of Object.entries(rule.fields)) {
    if (value[name] !== undefined)
      problems.push(...check(field.rule, value[name], `${pointer}/${name}`, surface));
    else if (field.required) problems.push({ message: `missing required field: ${name}`, pointer });
  }
  for (const name of Object.keys(value)) {
    if (name === 'type' || Object.hasOwn(rule.fields, name)) continue;
    problems.push({ message: `invalid additional property: ${name}`, pointer });
  }
  for (const crossCheck of rule.checks) {
    crossCheck(value, pointer, (message, at) => problems.push({ message, pointer: at }));
  }
  return problems;
}

function checkTyped(rule: TypedRule, value: unknown, pointer: string, surface: Surface): Problem[] {
  const problems = checkTypedInner(rule, value, pointer, surface);
  if (problems.length === 0 || !rule.announcesMismatch) return problems;
  return [{ message: 'failed to match all allowed schemas', pointer }, ...problems];
}

function checkTypedInner(rule: TypedRule, value: unknown, pointer: string, surface: Surface): Problem[] {
  if (!isRecord(value)) return [{ message: 'must provide an object', pointer }];
  const { type } = value;
  if (type === undefined) return [{ message: 'missing required field: type', pointer }];
  const found = typeof type === 'string' && Object.hasOwn(rule.types, type) ? rule.types[type] : undefined;
  if (found === undefined || (found.surfaces && !found.surfaces.includes(surface))) {
    return [{ message: `unsupported type: ${String(type)}`, pointer: `${pointer}/type` }];
  }
  return checkShape(found, value, pointer, surface);
}
