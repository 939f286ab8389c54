import type { Sql } from '#db/connection.ts';
import type { IncidentRow } from '#db/incidents.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { findPerson } from '#src/policy/directory.ts';

export type Commander = Pick<IncidentRow, 'commander' | 'commander_name'>;

/**
 * Who is to lead, from what was typed: a name, `me`, or `nobody` until somebody takes it.
 *
 * @throws UserError for somebody whom Lucy does not know
 */
export async function readCommander(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  word: string,
): Promise<Commander> {
  const said = word.trim().toLowerCase();
  if (said === 'nobody') return { commander: null, commander_name: null };
  const person = said === 'me' ? cause.actor : await findPerson(sql, settings, word, cause.now);
  if (person) return { commander: person.person, commander_name: person.name };
  throw new UserError(
    'invalid',
    `Lucy knows nobody called “${word}”.`,
    'Name a key under people, a Slack member id, “me” or “nobody”.',
    { commander: 'Lucy knows nobody of that name.' },
  );
}

/** Whoever declares leads at first; a machine leads nothing. */
export function firstCommander({ actor }: Cause): Commander {
  return actor.kind === 'staff'
    ? { commander: actor.person, commander_name: actor.name }
    : { commander: null, commander_name: null };
}
