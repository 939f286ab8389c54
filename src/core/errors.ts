/**
 * Two kinds of failure: told and reported. A `UserError` is told to the person, in a plain sentence with what to
 * do next, and never pages anyone; anything else is a defect, is logged with its correlation id, and the person
 * gets that id.
 */
export type UserErrorCode =
  | 'usage' // the words typed are off
  | 'invalid' // a value is off
  | 'refused' // policy says no
  | 'not_found'
  | 'conflict' // already done, or done differently
  | 'insufficient' // not enough to take
  | 'moved' // the world changed since the preview
  | 'unavailable'; // something we need is away; try again

export class UserError extends Error {
  readonly code: UserErrorCode;
  /** What to do next; a sentence. */
  readonly hint: string;
  /** Per input field, for modals: field name -> sentence. */
  readonly fields: Record<string, string>;

  constructor(code: UserErrorCode, message: string, hint: string, fields: Record<string, string> = {}) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.hint = hint;
    this.fields = fields;
  }
}

/** An error about one named input, so that a modal can show it under that field. */
export function fieldError(field: string, message: string, hint: string): UserError {
  return new UserError('invalid', message, hint, { [field]: message });
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
