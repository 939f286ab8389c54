import { UserError } from '#src/core/errors.ts';
import type { Reply } from './reply.ts';

/** Nothing was done, and what is wrong is more than a sentence: the reply carries it, as tables and as a file. */
export class RefusedWithReport extends UserError {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super('invalid', reply.title, reply.hint ?? 'Correct it and try again.');
    this.name = 'RefusedWithReport';
    this.reply = reply;
  }
}
