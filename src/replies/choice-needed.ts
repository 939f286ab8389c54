import { UserError } from '#src/core/errors.ts';
import type { Reply } from './reply.ts';

/** What was typed fits several things, and Lucy never guesses: the reply shows them, with a button for each. */
export class ChoiceNeeded extends UserError {
  readonly reply: Reply;

  /** @param fields which inputs of a form would say it */
  constructor(reply: Reply, fields: Record<string, string> = {}) {
    super('usage', reply.title, reply.hint ?? 'Choose one of them.', fields);
    this.name = 'ChoiceNeeded';
    this.reply = reply;
  }
}
