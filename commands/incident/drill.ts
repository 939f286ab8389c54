import { z } from 'zod';
import type { DrillParticipant } from '#db/drills.ts';
import type { Actor } from '#src/core/actor.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { fieldError } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';
import { requireQuiet, startDrill } from '#src/drills/start.ts';
import { findPerson } from '#src/policy/directory.ts';
import { slackIdOf } from '#src/policy/slack-id-of.ts';
import { type CommandContext, defineCommand } from '#src/runner/define-command.ts';
import { flagField, optionalTextField, ticketField } from '#src/runner/fields.ts';

const PACE = 30;

const paceField = z
  .string()
  .regex(/^\d{1,2}$/, 'Say how many times faster than life, from 2 to 60.')
  .transform(Number)
  .pipe(z.int().min(2, 'From 2 to 60.').max(60, 'From 2 to 60.'))
  .optional()
  .meta({
    label: 'Pace',
    placeholder: String(PACE),
    hint: 'How many times faster the clock of updates runs',
  });

/** Practising costs ten minutes; not having practised costs an hour at night. */
export const incidentDrill = defineCommand({
  name: 'incident drill',
  summary: 'Play a whole incident in a few minutes, from the alert to the postmortem; nothing of it is real',
  examples: ['incident drill', 'incident drill --with "ada" --pace 20', 'incident drill --play'],
  allowed: ['oncall'],
  effect: 'reversible',
  reasonFrom: 'note',
  input: z.object({
    with: optionalTextField(300, {
      label: 'Who else takes part',
      placeholder: 'ada',
      hint: 'Nobody else is called. Several with a comma between them.',
    }),
    pace: paceField,
    play: flagField({ label: 'Play it', hint: 'Lucy takes the people’s steps herself, to watch' }),
    note: optionalTextField(300, { label: 'Note' }),
    ticket: ticketField,
  }),
  positionals: [],

  async plan({ with: others, pace = PACE, play }, context) {
    const { sql, settings, cause } = context;
    await requireQuiet(sql);
    const participants = await readParticipants(context, cause.actor, others);
    const minutes = settings.incidents.update_every_minutes;
    return {
      title: 'Start a drill: an incident that is only played',
      customerId: null,
      changes: [{ label: 'Drill', before: 'none', after: play ? 'played by Lucy' : 'on' }],
      facts: [
        { label: 'Takes part', value: listed(participants.map(({ name }) => name)) },
        {
          label: 'Clock',
          value: `${minutes} minutes between updates are ${spanWords(Math.round((minutes * MINUTE_MS) / pace))}`,
        },
        { label: 'Customers', value: 'See and hear nothing: nothing of it is published or counted.' },
        { label: 'Colleagues', value: 'Nobody else is called. A real incident ends the drill at once.' },
      ],
      confirmLabel: 'Start the drill',
      basis: [participants, pace, play],
      data: { participants, pace, isPlayed: play },
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const drill = await startDrill(sql, settings, cause, data);
    return {
      title: 'The drill is on',
      customerId: null,
      changes,
      facts: [
        {
          label: 'Next',
          value: data.isPlayed
            ? `Watch in ${settings.channels.oncall} and ${settings.channels.incidents}`
            : `The alert is in ${settings.channels.oncall}; Lucy says there what comes next`,
        },
      ],
      before: null,
      after: { drill: drill.id, pace: drill.pace, played: data.isPlayed },
      undo: { line: 'drill stop', sentence: 'It can be stopped at any time.' },
      logs: [{ event: 'drill', action: 'drill_started', drill: drill.id }],
      json: { drill: drill.id },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});

/** Whoever starts it, and whom they name. */
async function readParticipants(
  { sql, settings, cause }: CommandContext,
  actor: Actor,
  others: string | undefined,
): Promise<DrillParticipant[]> {
  const taking: DrillParticipant[] = [participant(settings, actor)];
  for (const word of (others ?? '').split(/[,\s]+/).filter(Boolean)) {
    const person = await findPerson(sql, settings, word, cause.now);
    if (!person)
      throw fieldError(
        'with',
        `Lucy knows nobody called “${word}”.`,
        'Name a key under people, or a Slack member id.',
      );
    if (!taking.some((one) => one.person === person.person)) taking.push(participant(settings, person));
  }
  return taking;
}

function participant(settings: CommandContext['settings'], { person, name, id }: Actor): DrillParticipant {
  return { person, name, slackId: slackIdOf(settings, person) ?? slackIdOf(settings, id) };
}
