import type { SlackContext } from '../context.ts';
import { findPerson } from '../world/find.ts';
import { type PersonActs, personActs } from './person-acts.ts';
import { type PersonSights, personSights } from './person-sights.ts';

/** What one person can do and see. */
export type PersonApi = { id: string; handle: string } & PersonActs & PersonSights;

/** A person of the workspace, by handle or id. */
export function personApi(context: SlackContext, idOrHandle: string): PersonApi {
  const person = findPerson(context.world, idOrHandle);
  if (!person) throw new Error(`There is nobody called ${idOrHandle} in the sandbox.`);
  return {
    id: person.id,
    handle: person.handle,
    ...personActs(context, person),
    ...personSights(context, person),
  };
}
