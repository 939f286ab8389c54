import { problemFields } from '../block-kit/problem-messages.ts';
import type { Problem } from '../block-kit/rule.ts';
import type { SlackContext } from '../context.ts';
import type { Json } from '../json.ts';

/** The rest of an `ok: true` answer, or a refusal. */
export type MethodAnswer = { ok: true; fields: Json } | { ok: false; fields: Json };

export type Method = {
  /** The scope that the token needs; null for none. Some methods need another one for private channels. */
  scope: string | null | ((args: Json, context: SlackContext) => string);
  /** Which token it takes: the bot's unless said otherwise. */
  token?: 'app';
  answer: (args: Json, context: SlackContext) => MethodAnswer;
};

export const ok = (fields: Json = {}): MethodAnswer => ({ ok: true, fields });

/** `{ ok: false, error }` in Slack's words, with the problems of blocks or views where there are any. */
export function refuse(error: string, problems: readonly Problem[] = []): MethodAnswer {
  return { ok: false, fields: { error, ...(problems.length > 0 ? problemFields(problems) : {}) } };
}

/** A missing argument, as Slack's newer methods say it. */
export function missing(argument: string): MethodAnswer {
  return refuse('invalid_arguments', [{ message: `missing required field: ${argument}`, pointer: '' }]);
}
