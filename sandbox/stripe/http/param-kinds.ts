import type { FormValue } from './form.ts';
import { type Param, type ParamTable, type Parsed, readParams } from './params.ts';
import { invalidRequest } from './stripe-refusal.ts';

/** A text that may not be empty: Stripe takes an empty value as a wish to unset. */
export const text: Param<string> = {
  read(value, name) {
    if (typeof value !== 'string') throw invalidRequest('Invalid string', { param: name });
    if (value === '') {
      throw invalidRequest(
        `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
        { code: 'parameter_invalid_empty', param: name },
      );
    }
    return value;
  },
};

export const integer: Param<number> = {
  read(value, name) {
    if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
    throw invalidRequest(`Invalid integer: ${shown(value)}`, {
      code: 'parameter_invalid_integer',
      param: name,
    });
  },
};

export const boolean: Param<boolean> = {
  read(value, name) {
    if (value === 'true' || value === 'false') return value === 'true';
    throw invalidRequest(`Invalid boolean: ${shown(value)}`, { param: name });
  },
};

export function between(least: number, most: number): Param<number> {
  return {
    read(value, name) {
      const number = integer.read(value, name);
      const bound =
        number < least
          ? `greater than or equal to ${least}`
          : number > most
            ? `less than or equal to ${most}`
            : null;
      if (bound === null) return number;
      throw invalidRequest(`This value must be ${bound} (it currently is '${number}').`, {
        code: 'parameter_invalid_integer',
        param: name,
      });
    },
  };
}

export function oneOf<const T extends string>(...words: T[]): Param<T> {
  return {
    read(value, name) {
      const known = words.find((word) => word === value);
      if (known !== undefined) return known;
      const list = words.length > 1 ? `${words.slice(0, -1).join(', ')}, or ${words.at(-1)}` : words[0];
      throw invalidRequest(`Invalid ${name}: must be one of ${list}`, { param: name });
    },
  };
}

/** An empty value unsets: read as null. */
export function emptyable<T>(param: Param<T>): Param<T | null> {
  return { read: (value, name) => (value === '' ? null : param.read(value, name)) };
}

/** Either `[0]=…` or `[]=…`. */
export function arrayOf<T>(param: Param<T>, most = Number.POSITIVE_INFINITY): Param<T[]> {
  return {
    read(value, name) {
      if (typeof value === 'string') throw invalidRequest('Invalid array', { param: name });
      const values = Object.entries(value).map(([key, inner]) => param.read(inner, `${name}[${key}]`));
      if (values.length <= most) return values;
      throw invalidRequest(`Array must contain less than or equal to ${most} elements.`, { param: name });
    },
  };
}

export function hash<S extends ParamTable>(table: S): Param<Parsed<S>> {
  return {
    read(value, name) {
      if (typeof value === 'string') throw invalidRequest('Invalid object', { param: name });
      return readParams(table, value, name);
    },
  };
}

/** Keys with an empty value are unset: https://docs.stripe.com/api/metadata */
export const metadata: Param<Record<string, string>> = {
  read(value, name) {
    if (value === '') return {};
    if (typeof value === 'string') throw invalidRequest('Invalid object', { param: name });
    const entries = Object.entries(value).map(([key, inner]) => {
      if (key.length > 40) {
        throw invalidRequest('Metadata keys can be up to 40 characters long.', { param: name });
      }
      if (typeof inner !== 'string' || inner.length > 500) {
        throw invalidRequest('Metadata values can be up to 500 characters long.', {
          param: `${name}[${key}]`,
        });
      }
      return [key, inner] as const;
    });
    return Object.fromEntries(entries);
  },
};

export type Range = { gt?: number; gte?: number; lt?: number; lte?: number };

/** A second, or a range of them: `created[gte]=…`. */
export const range: Param<Range> = {
  read(value, name) {
    if (typeof value === 'string') {
      const second = integer.read(value, name);
      return { gte: second, lte: second };
    }
    const bounds = readParams({ gt: integer, gte: integer, lt: integer, lte: integer }, value, name);
    return Object.fromEntries(Object.entries(bounds).filter(([, bound]) => bound !== undefined));
  },
};

/** A value of no interest here, which Stripe accepts all the same. */
export const anything: Param<FormValue> = { read: (value) => value };

function shown(value: FormValue): string {
  return typeof value === 'string' ? value : '{…}';
}
