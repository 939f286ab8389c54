import { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import {
  type HeldEffect,
  listHeldEffects,
  readHeldWork,
  releaseHeldEffects,
  releaseHeldWork,
} from '#db/held-work.ts';
import { heldMoney, heldWords, requestWords } from '#src/backups/describe-held.ts';
import { UserError } from '#src/core/errors.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import { settleFinding } from '#src/findings/open.ts';
import type { Fact } from '#src/replies/reply.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';

const HELD_MAX = 1_000;
/** As many as whoever approves is shown on one card, in Slack as well: nobody agrees to what is cut off. */
const AT_ONCE = 10;

const effectsField = z
  .string()
  .regex(/^\s*eff_\w+(\s*,\s*eff_\w+)*\s*$/, 'Name changes by their ids, with commas between: eff_…,eff_….')
  .transform((text) => text.split(',').map((id) => id.trim()))
  .optional()
  .meta({
    label: 'Only these',
    placeholder: 'eff_…',
    hint: 'Ids with commas between; all of them if left out',
  });

/** After a restore: what was on its way then goes on; what is for Stripe is looked for there before anything is sent. */
export const backupRelease = defineCommand({
  name: 'backup release',
  summary: 'Let go on what a restore held back on its way to Stripe',
  examples: [
    'backup release --reason "looked through with Bo" --ticket INC-7',
    'backup release eff_01JD --reason "this one only"',
  ],
  allowed: ['billing'],
  effect: 'moves value',
  input: z.object({ effects: effectsField, ...changeInputs }),
  positionals: ['effects'],

  async plan({ effects: named }, { sql }) {
    const held = await listHeldEffects(sql, HELD_MAX);
    const work = await readHeldWork(sql);
    const others = work.batches.length + work.repairs;
    if (held.length + others === 0)
      throw new UserError('conflict', 'Nothing is held back.', 'See what waits: status');
    const chosen = named ? pick(held, named) : ofOneCurrency(held).slice(0, AT_ONCE);
    const money = heldMoney(chosen);
    // What is no change at Stripe goes on with the last of those that are, or alone.
    const isRest = named === undefined && chosen.length === held.length;
    const left = held.length - chosen.length;
    const lists = isRest ? work.batches : [];
    const repairs = isRest ? work.repairs : 0;
    const facts: Fact[] = [
      ...(money ? [{ label: 'In all', value: formatMoney(money.amount, money.currency) }] : []),
      ...chosen.map((effect) => ({ label: heldWords(effect), value: requestWords(effect) })),
      ...lists.map((batch) => ({
        label: `Goes on: ${batch.command}`,
        value: `${batch.subject} (${batch.id})`,
      })),
      ...(repairs > 0 ? [{ label: 'Goes on', value: counted(repairs, 'repair') }] : []),
      { label: 'Sent twice', value: 'No: each is looked for at Stripe first' },
    ];
    const what = counted(chosen.length + lists.length + repairs, 'held change');
    return {
      title: `Let ${what} go on${chosen.length > 0 ? ' to Stripe' : ''}`,
      customerId: null,
      changes: [],
      facts,
      warnings:
        left > 0 ? [`${counted(left, 'more')} stay held: look at them with another “backup release”.`] : [],
      confirmLabel: 'Let them go on',
      basis: [chosen.map(({ id }) => id), lists.map(({ id }) => id), repairs],
      ...(money ? { measures: { money } } : {}),
      data: { ids: chosen.map(({ id }) => id), isRest },
    };
  },

  async execute({ data: { ids, isRest } }, { sql, cause }) {
    const released = await releaseHeldEffects(sql, ids, cause.now);
    const work = isRest ? await readHeldWork(sql) : { batches: [], repairs: 0 };
    if (isRest) await releaseHeldWork(sql, cause.now);
    if (!(await isAnyHeld(sql))) await settleFinding(sql, 'held_after_restore', 'stripe', cause.now);
    const all = released + work.batches.length + work.repairs;
    return {
      title: `${counted(all, 'held change')} ${all === 1 ? 'goes' : 'go'} on${released > 0 ? ' to Stripe' : ''}`,
      customerId: null,
      changes: [],
      before: { held: ids, batches: work.batches.map(({ id }) => id), repairs: work.repairs },
      after: { released: all },
      undo: { line: null, sentence: 'What Stripe takes is undone at Stripe, such as by charging again.' },
      logs: [{ event: 'restore', action: 'effects_released', released: all }],
      json: { released: all },
    };
  },
});

/** @throws UserError when one of them is not held */
function pick(held: readonly HeldEffect[], named: readonly string[]): HeldEffect[] {
  const unknown = named.filter((id) => !held.some((effect) => effect.id === id));
  if (unknown.length > 0)
    throw new UserError(
      'usage',
      `Not held back: ${unknown.join(', ')}.`,
      'See which are: backup release --reason "…" --dry-run',
    );
  return held.filter(({ id }) => named.includes(id));
}

/** Sums of two currencies fit no limit of the policy: the others wait for another yes. */
function ofOneCurrency(held: readonly HeldEffect[]): HeldEffect[] {
  const currency = heldMoney(held.slice(0, 1))?.currency ?? heldMoney(held)?.currency;
  return held.filter((effect) => (heldMoney([effect])?.currency ?? currency) === currency);
}

async function isAnyHeld(sql: Sql): Promise<boolean> {
  const { batches, repairs } = await readHeldWork(sql);
  return batches.length + repairs > 0 || (await listHeldEffects(sql, 1)).length > 0;
}
