import { z } from 'zod';
import { type HeldEffect, listHeldEffects, releaseHeldEffects } from '#db/after-restore.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { settleFinding } from '#src/findings/open.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';

const AT_ONCE = 200;
const SHOWN = 10;

/** After a restore: what was on its way to Stripe then goes on, looked for there before anything is sent. */
export const backupRelease = defineCommand({
  name: 'backup release',
  summary: 'Let go on what a restore held back on its way to Stripe',
  examples: ['backup release --reason "looked through with Bo" --ticket INC-7'],
  allowed: ['billing'],
  effect: 'moves value',
  input: z.object({ ...changeInputs }),
  positionals: [],

  async plan(_input, { sql }) {
    const held = await listHeldEffects(sql, AT_ONCE);
    if (held.length === 0) throw new UserError('conflict', 'Nothing is held back.', 'See what waits: status');
    const more = held.length > SHOWN ? [`And ${counted(held.length - SHOWN, 'more')}.`] : [];
    return {
      title: `Let ${counted(held.length, 'held change')} go on to Stripe`,
      customerId: null,
      changes: [],
      facts: [
        ...held
          .slice(0, SHOWN)
          .map((effect) => ({ label: words(effect), value: { code: effect.target_id } })),
        { label: 'Sent twice', value: 'No: each is looked for at Stripe first' },
      ],
      warnings: more,
      confirmLabel: 'Let them go on',
      basis: held.map(({ id }) => id),
      data: held.map(({ id }) => id),
    };
  },

  async execute({ data: ids }, { sql, cause }) {
    const released = await releaseHeldEffects(sql, ids, cause.now);
    if ((await listHeldEffects(sql, 1)).length === 0)
      await settleFinding(sql, 'held_after_restore', 'stripe', cause.now);
    return {
      title: `${counted(released, 'held change')} ${released === 1 ? 'goes' : 'go'} on to Stripe`,
      customerId: null,
      changes: [],
      before: { held: ids },
      after: { released },
      undo: { line: null, sentence: 'What Stripe takes is undone at Stripe, such as by charging again.' },
      logs: [{ event: 'restore', action: 'effects_released', released }],
      json: { released },
    };
  },
});

function words({ kind }: HeldEffect): string {
  return kind.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
}
