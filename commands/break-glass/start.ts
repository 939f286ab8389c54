import { z } from 'zod';
import { findUnendedGlass } from '#db/break-glass.ts';
import { clockTime } from '#src/break-glass/clock-time.ts';
import { glassSpan, requireBreaker } from '#src/break-glass/may-start.ts';
import { ownersBesides } from '#src/break-glass/owners.ts';
import { alreadyOpen, breakGlass } from '#src/break-glass/start.ts';
import { lateChannels, toldChannels } from '#src/break-glass/tell.ts';
import { formatUtc, isoTime, MINUTE_MS } from '#src/core/clock.ts';
import { counted, listed } from '#src/core/text.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, fieldMeta, optionalTextField, ticketField } from '#src/runner/fields.ts';

/** DESIGN section 4, for the night when nobody else is there: what is done is marked, told at once, and reviewed. */
export const breakGlassStart = defineCommand({
  name: 'break-glass start',
  summary: 'Go without a second person for a while, announced and reviewed',
  examples: [
    'break-glass start --for 30m --reason "customers are locked out, nobody answers" --ticket INC-7',
  ],
  // The roles of the settings; that is checked when it is planned.
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({
    for: optionalTextField(20, {
      label: 'For',
      placeholder: '30m',
      hint: 'At most 60m',
    }),
    ...changeInputs,
    ticket: ticketField.unwrap().meta({ ...fieldMeta(ticketField) }),
  }),
  positionals: [],

  async plan({ for: span, reason, ticket }, { sql, settings, cause }) {
    requireBreaker(settings, cause.actor);
    const lastsMs = glassSpan(settings, span);
    const earlier = await findUnendedGlass(sql, cause.actor.person);
    if (earlier && earlier.ends_at > cause.now) throw alreadyOpen(earlier, cause.now);
    const owners = await ownersBesides(sql, settings, cause.actor, cause.now);
    const channels = toldChannels(settings).map((key) => settings.channels[key]);
    const told = [...channels, ...owners.words];
    const minutes = counted(Math.floor(lastsMs / MINUTE_MS), 'minute');
    return {
      title: `Break the glass for ${minutes}`,
      customerId: null,
      changes: [{ label: 'Second person', before: 'needed', after: `not needed for ${minutes}` }],
      warnings: [
        'What otherwise needs a second person goes through with your click alone, unless policy keeps it from that.',
        `${listed(told)} are told at once, with your reason and the ticket.`,
        'What you do meanwhile is marked in the audit, and somebody else reviews it afterwards.',
        ...(await lateChannels(sql, settings)),
      ],
      confirmLabel: 'Break the glass',
      isDanger: true,
      measures: { lastsMs },
      basis: [cause.actor.person, lastsMs],
      data: { lastsMs, reason, ticket },
    };
  },

  async execute({ data }, { sql, settings, cause }) {
    const glass = await breakGlass(sql, settings, cause, data);
    const until = clockTime(glass.ends_at, cause.now);
    return {
      title: `The glass is broken until ${until}`,
      customerId: null,
      changes: [{ label: 'Second person', before: 'needed', after: `not needed until ${until}` }],
      facts: [
        { label: 'Until', value: { at: glass.ends_at } },
        { label: 'Break-glass', value: { code: glass.id } },
      ],
      before: { state: 'none' },
      after: { state: 'open', glass: glass.id, until: formatUtc(glass.ends_at) },
      undo: {
        line: `break-glass end ${glass.id}`,
        sentence: 'Undo ends it; what was done under it stays, and is reviewed all the same.',
      },
      logs: [
        {
          event: 'break_glass',
          action: 'break_glass_started',
          glass: glass.id,
          until: isoTime(glass.ends_at),
        },
      ],
      json: { glass: glass.id, until: isoTime(glass.ends_at) },
      isQuiet: true,
    };
  },
});
