import { z } from 'zod';
import { clockTime } from '#src/break-glass/clock-time.ts';
import { doneFacts, readDoneUnder } from '#src/break-glass/done-under.ts';
import { closeIfOver } from '#src/break-glass/end.ts';
import { requireKnownGlass } from '#src/break-glass/require-known.ts';
import { requireReviewer, reviewedAlready, signGlass } from '#src/break-glass/review.ts';
import { UserError } from '#src/core/errors.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, optionalTextField } from '#src/runner/fields.ts';
import { glassField } from '#src/runner/glass-field.ts';

/** The second person after the fact: somebody else reads what was done under a break-glass, and signs it. */
export const breakGlassReview = defineCommand({
  name: 'break-glass review',
  summary: 'Sign what a colleague did under a break-glass',
  examples: [
    'break-glass review glass_01k9zq3v5t8w2x4y6z7a8b9c0d --note "both grants are right" --reason "next-day review"',
  ],
  allowed: ['billing'],
  effect: 'reversible',
  input: z.object({
    glass: glassField,
    note: optionalTextField(500, {
      label: 'What you found',
      placeholder: 'both grants are right',
      hint: 'When left out, the reason says it',
      control: 'multiline',
    }),
    ...changeInputs,
  }),
  positionals: ['glass'],

  async plan({ glass: id, note, reason }, { sql, settings, cause }) {
    const glass = await requireKnownGlass(sql, id);
    requireReviewer(settings, glass, cause.actor);
    if (glass.reviewed_at !== null) throw reviewedAlready(glass);
    if (glass.ended_at === null && glass.ends_at > cause.now) {
      throw new UserError(
        'conflict',
        `This break-glass is in force until ${clockTime(glass.ends_at, cause.now)}, and more may be done under it.`,
        `Review it when it is over, or have it ended: break-glass end ${glass.id}`,
      );
    }
    const done = await readDoneUnder(sql, glass.id);
    return {
      title: `Sign the review of the break-glass by ${glass.actor_name}`,
      customerId: null,
      changes: [{ label: 'Review', before: 'open', after: 'signed' }],
      facts: [
        { label: 'Their reason', value: glass.reason },
        { label: 'Their ticket', value: glass.ticket },
        ...doneFacts(done),
      ],
      confirmLabel: 'Sign the review',
      // Signed is what was read: whatever comes in meanwhile is shown first.
      basis: [glass.id, done],
      data: { glass, done, note: note ?? reason },
    };
  },

  async execute({ data: { glass, done, note }, changes }, { sql, settings, cause }) {
    await closeIfOver(sql, settings, cause, glass);
    if (!(await signGlass(sql, settings, cause, glass, { note, done })))
      throw reviewedAlready(await requireKnownGlass(sql, glass.id));
    return {
      title: `The break-glass by ${glass.actor_name} is reviewed`,
      customerId: null,
      changes,
      facts: [
        { label: 'Note', value: note },
        { label: 'Break-glass', value: { code: glass.id } },
      ],
      before: { review: 'open' },
      after: { review: 'signed', glass: glass.id, note, done: done.length },
      undo: {
        line: null,
        sentence: 'A review stays signed; what has to be put right is done as an act of its own.',
      },
      logs: [{ event: 'break_glass', action: 'break_glass_reviewed', glass: glass.id, done: done.length }],
      json: { glass: glass.id, note },
      isQuiet: true,
    };
  },
});
