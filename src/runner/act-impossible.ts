import { UserError } from '#src/core/errors.ts';

/** What was asked for cannot be done as the world is now; nothing of the approving transaction is kept. */
export class ActImpossible extends Error {
  readonly why: UserError;

  constructor(why: UserError) {
    super(why.message);
    this.name = 'ActImpossible';
    this.why = why;
  }
}

/** Turns a refusal of the act itself into one that ends the request. */
export async function possible<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError && error.code !== 'unavailable') throw new ActImpossible(error);
    throw error;
  }
}
