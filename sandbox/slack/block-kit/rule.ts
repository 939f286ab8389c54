/** Where blocks are shown. Some blocks and elements exist only on some surfaces. */
export type Surface = 'message' | 'modal' | 'home';

/** One thing that Slack refuses, with the JSON pointer to where it is. */
export type Problem = { message: string; pointer: string };

export type Report = (message: string, pointer: string) => void;

/** A rule over several fields of one object, such as "text or fields". */
export type CrossCheck = (value: Record<string, unknown>, pointer: string, report: Report) => void;

export type Field = { rule: Rule; required: boolean };

export type ShapeRule = {
  is: 'shape';
  fields: Record<string, Field>;
  checks: readonly CrossCheck[];
  /** Where it may stand; everywhere when absent. */
  surfaces?: readonly Surface[];
};

/** The rules of Block Kit as data. `check.ts` applies them. */
export type Rule =
  | { is: 'string'; min: number; max: number }
  | { is: 'pattern'; pattern: RegExp; says: string }
  | { is: 'choice'; of: readonly string[] }
  | { is: 'boolean' }
  | { is: 'integer'; min: number; max: number }
  | { is: 'number' }
  | { is: 'list'; of: Rule; min: number; max: number }
  | { is: 'nullable'; rule: Rule }
  | { is: 'later'; rule: () => Rule }
  | ShapeRule
  /** An object that says its own `type`. */
  | {
      is: 'typed';
      types: Readonly<Record<string, ShapeRule>>;
      /** Slack names the failed alternative first where it tries several schemas. */
      announcesMismatch: boolean;
    };

export const required = (rule: Rule): Field => ({ rule, required: true });
export const optional = (rule: Rule): Field => ({ rule, required: false });

/** A string of 1 to `max` characters. */
export const string = (max: number, min = 1): Rule => ({ is: 'string', min, max });
export const choice = (...of: string[]): Rule => ({ is: 'choice', of });
export const boolean: Rule = { is: 'boolean' };
export const list = (of: Rule, max: number, min = 1): Rule => ({ is: 'list', of, min, max });

/** An object with these fields and no other. `type` is checked before, by the rule that chose this shape. */
export function shape(fields: Record<string, Field>, ...checks: CrossCheck[]): ShapeRule {
  return { is: 'shape', fields, checks };
}

export function typed(types: Readonly<Record<string, ShapeRule>>, announcesMismatch = false): Rule {
  return { is: 'typed', types, announcesMismatch };
}

/** Only these types of a table. */
export function pick(
  types: Readonly<Record<string, ShapeRule>>,
  ...names: string[]
): Record<string, ShapeRule> {
  return Object.fromEntries(Object.entries(types).filter(([name]) => names.includes(name)));
}

/** The same shape, on these surfaces only. */
export const only = (surfaces: readonly Surface[], rule: ShapeRule): ShapeRule => ({ ...rule, surfaces });
