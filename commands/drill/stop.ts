import { z } from 'zod';
import { findOpenDrill, lockOpenDrill } from '#db/drills.ts';
import { UserError } from '#src/core/errors.ts';
import { endDrill } from '#src/drills/end.ts';
import { type StepId, stepWords } from '#src/drills/steps.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';

export const drillStop = defineCommand({
  name: 'drill stop',
  summary: 'Stop the drill that is on; everything that it began is closed',
  examples: ['drill stop --reason "something real came up"'],
  allowed: ['oncall'],
  effect: 'reversible',
  input: z.object({ ...changeInputs }),
  positionals: [],

  async plan(_input, { sql }) {
    const drill = await findOpenDrill(sql);
    if (!drill) throw new UserError('not_found', 'No drill is on.', 'Start one: incident drill');
    return {
      title: `Stop the drill that ${drill.started_name} started`,
      customerId: null,
      changes: [{ label: 'Drill', before: `at “${stepWords[drill.step as StepId]}”`, after: 'stopped' }],
      confirmLabel: 'Stop the drill',
      basis: [drill.id],
      data: { drill },
    };
  },

  async execute({ data: { drill }, changes }, { sql, settings, cause }) {
    // It may have gone on a step meanwhile; it is the same drill all the same.
    const held = await lockOpenDrill(sql);
    if (held?.id !== drill.id || !(await endDrill(sql, settings, cause, held, 'stopped')))
      throw new UserError('moved', 'The drill ended this moment.', 'Look at it again: drill list');
    return {
      title: 'The drill is stopped',
      customerId: null,
      changes,
      before: { step: drill.step },
      after: { outcome: 'stopped' },
      undo: {
        line: 'incident drill',
        sentence: 'A drill that was stopped is not taken up again; start another.',
      },
      logs: [{ event: 'drill', action: 'drill_stopped', drill: drill.id }],
      json: { drill: drill.id },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});
