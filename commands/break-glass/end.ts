import { z } from 'zod';
import { type BreakGlassRow, findUnendedGlass } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { clockTime } from '#src/break-glass/clock-time.ts';
import { doneWords, readDoneUnder } from '#src/break-glass/done-under.ts';
import { endGlass } from '#src/break-glass/end.ts';
import { requireKnownGlass } from '#src/break-glass/require-known.ts';
import type { Actor } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { optionalGlassField } from '#src/runner/glass-field.ts';

/** Ends one's own break-glass early, or, for an admin, anybody's. It ends by itself, too. */
export const breakGlassEnd = defineCommand({
  name: 'break-glass end',
  summary: 'End a break-glass before its time is over',
  examples: [
    'break-glass end --reason "the refund is through"',
    'break-glass end glass_01k9zq3v5t8w2x4y6z7a8b9c0d --reason "not needed" --ticket INC-7',
  ],
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({ glass: optionalGlassField, ...changeInputs }),
  positionals: ['glass'],

  async plan({ glass: id }, { sql, cause }) {
    const glass = await findEndable(sql, id, cause.actor, cause.now);
    const done = await readDoneUnder(sql, glass.id);
    const until = clockTime(glass.ends_at, cause.now);
    return {
      title: `End the break-glass by ${glass.actor_name}`,
      customerId: null,
      changes: [{ label: 'Second person', before: `not needed until ${until}`, after: 'needed' }],
      facts: [{ label: 'So far', value: doneWords(done) }],
      confirmLabel: 'End it',
      basis: [glass.id],
      data: { glass },
    };
  },

  async execute({ data: { glass }, changes }, { sql, settings, cause }) {
    if (!(await endGlass(sql, settings, cause, glass, cause.actor))) {
      const ended = await requireKnownGlass(sql, glass.id);
      throw over(ended, cause.now);
    }
    return {
      title: `The break-glass by ${glass.actor_name} is ended`,
      customerId: null,
      changes,
      facts: [{ label: 'Break-glass', value: { code: glass.id } }],
      before: { state: 'open' },
      after: { state: 'ended', glass: glass.id },
      undo: {
        line: null,
        sentence: 'It cannot be opened again; whoever must breaks the glass anew with: break-glass start',
      },
      logs: [{ event: 'break_glass', action: 'break_glass_ended', glass: glass.id }],
      json: { glass: glass.id },
      isQuiet: true,
    };
  },
});

async function findEndable(
  sql: Sql,
  id: string | undefined,
  actor: Actor,
  now: number,
): Promise<BreakGlassRow> {
  const glass = id === undefined ? await findOwn(sql, actor) : await requireKnownGlass(sql, id);
  if (glass.person !== actor.person && !actor.roles.includes('admin')) {
    throw new UserError(
      'refused',
      `This break-glass is ${glass.actor_name}’s, and only they or an admin can end it.`,
      `Ask ${glass.actor_name} or an admin; at ${clockTime(glass.ends_at, now)} it ends by itself.`,
    );
  }
  if (glass.ended_at !== null || glass.ends_at <= now) throw over(glass, now);
  return glass;
}

async function findOwn(sql: Sql, actor: Actor): Promise<BreakGlassRow> {
  const glass = await findUnendedGlass(sql, actor.person);
  if (glass) return glass;
  throw new UserError(
    'not_found',
    'You have no break-glass open.',
    'Those of others stand in: break-glass list',
  );
}

function over(glass: BreakGlassRow, now: number): UserError {
  const at = clockTime(glass.ended_at ?? glass.ends_at, now);
  return new UserError(
    'conflict',
    `The break-glass by ${glass.actor_name} is over since ${at}, so nothing was changed.`,
    'What was done under it stands in: break-glass list',
  );
}
