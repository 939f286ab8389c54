import { z } from 'zod';
import { type IncidentSeverity, insertIncident } from '#db/incidents.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import { requireDrillToDeclare } from '#src/drills/declare.ts';
import { alikeButton, alikeIncidents, alikeWarning } from '#src/incidents/alike.ts';
import { startAsks } from '#src/incidents/asks/ask.ts';
import { renewIncidentCard } from '#src/incidents/card.ts';
import { startClock } from '#src/incidents/clock.ts';
import { type Commander, firstCommander, readCommander } from '#src/incidents/commander.ts';
import { incidentName } from '#src/incidents/find.ts';
import { noteIncident } from '#src/incidents/note.ts';
import { owedAt } from '#src/incidents/owed-at.ts';
import { privateReply, tellItsPeople } from '#src/incidents/private.ts';
import { wantRoom } from '#src/incidents/rooms/want-room.ts';
import { severities, severityOf } from '#src/incidents/severity.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import {
  flagField,
  optionalChoiceField,
  optionalTextField,
  textField,
  ticketField,
} from '#src/runner/fields.ts';

type Wanted = {
  title: string;
  severity: IncidentSeverity | null;
  commander: Commander;
  isPrivate: boolean;
  drill: { id: string; pace: number } | null;
};

/** One line at night is enough: what is wrong. Everything else can follow. */
export const incidentDeclare = defineCommand({
  name: 'incident declare',
  summary: 'Open an incident, so that everything done from now on stands in its timeline',
  examples: ['incident declare "checkout is down"', 'incident declare "webhooks fail" --severity sev2'],
  allowed: ['oncall'],
  effect: 'reversible',
  reasonFrom: 'title',
  input: z.object({
    title: textField(200, 'Say in a few words what is wrong, such as “checkout is down”.', {
      label: 'What is wrong',
      placeholder: 'checkout is down',
    }),
    severity: optionalChoiceField(severities, { label: 'Severity', hint: 'Can be set later' }),
    commander: optionalTextField(80, {
      label: 'Who leads',
      placeholder: 'me',
      hint: 'You, when left empty; “nobody” until somebody takes it',
    }),
    private: flagField({ label: 'Private', hint: 'Nothing of it is ever published, and no update is owed' }),
    drill: flagField({ label: 'Drill', hint: 'Only played, in the drill that is on' }),
    ticket: ticketField,
  }),
  positionals: ['title'],
  takesRest: true,

  /** Two people often see the same outage at once. */
  async beforeForm(_raw, { sql, cause }) {
    const alike = await alikeIncidents(sql, null, cause);
    if (alike.length === 0) return null;
    return {
      tone: 'warning',
      title: 'Is it one of these?',
      sections: [
        { heading: 'Open, or of the last hour', lines: alike.map((row) => [alikeWarning(row, cause.now)]) },
      ],
      buttons: alike.map((row) => alikeButton(row, null)),
    };
  },

  async plan({ title, severity, commander, private: isPrivate, drill: isDrill }, { sql, settings, cause }) {
    const { drill, warning } = await requireDrillToDeclare(sql, isDrill);
    const alike = drill ? [] : await alikeIncidents(sql, title, cause);
    const leads =
      commander === undefined ? firstCommander(cause) : await readCommander(sql, settings, cause, commander);
    const every = spanWords(
      Math.round((settings.incidents.update_every_minutes * MINUTE_MS) / (drill?.pace ?? 1)),
    );
    return {
      title: `Declare ${drill ? 'the drill’s' : 'an'} incident: ${title}`,
      customerId: null,
      changes: [{ label: 'Incident', before: 'none', after: 'investigating' }],
      facts: [
        { label: 'Severity', value: severityOf(severity ?? null) },
        { label: 'Commander', value: leads.commander_name ?? 'nobody yet' },
        {
          label: 'Customers',
          value: isPrivate
            ? 'Hear nothing of it: it is private.'
            : `Hear nothing yet; an update for them is owed every ${every}.`,
        },
      ],
      warnings: [...warning, ...alike.map((other) => alikeWarning(other, cause.now))],
      instead: alike.map((other) => alikeButton(other, title)),
      confirmLabel: 'Declare the incident',
      basis: [title, severity ?? null, leads.commander, isPrivate, drill?.id ?? null],
      data: { title, severity: severity ?? null, commander: leads, isPrivate, drill } as Wanted,
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const { title, severity, commander, isPrivate, drill } = data;
    const row = await insertIncident(sql, {
      id: newId('inc', cause.now),
      title,
      severity,
      state: 'investigating',
      ...commander,
      declared_by: cause.actor.person,
      declared_name: cause.actor.name,
      declared_at: cause.now,
      resolved_at: null,
      private_at: isPrivate ? cause.now : null,
      clock_at: cause.now,
      correlation_id: cause.correlationId,
      drill_id: drill?.id ?? null,
      pace: drill?.pace ?? 1,
    });
    await noteIncident(sql, cause, row.id, { kind: 'declared', text: `declared “${title}”` });
    await startClock(sql, settings, cause, row);
    await wantRoom(sql, settings, row);
    await startAsks(sql, cause, row);
    await renewIncidentCard(sql, cause, row);
    const name = incidentName(row);
    if (isPrivate)
      await tellItsPeople(sql, settings, cause, row, {
        dedupeKey: `incident-private:${row.id}`,
        reply: privateReply(row, settings.incidents.rooms),
      });
    const owed = { at: owedAt(settings, row) };
    return {
      title: `${name} is open: ${title}`,
      customerId: null,
      changes,
      facts: [
        ...(isPrivate ? [] : [{ label: 'First update for customers', value: owed }]),
        {
          label: 'Next',
          value: `Write down what you see and do: incident note "…"${drill ? ` --incident ${name}` : ''}`,
        },
      ],
      before: { state: null },
      after: { incident: name, state: row.state, severity, private: isPrivate },
      undo: {
        line: `incident resolve ${name}`,
        sentence: 'If it turns out to be no incident, resolve it and say so.',
      },
      logs: [{ event: 'incident', action: 'incident_declared', incident: row.id, number: row.number }],
      json: { incident: name, state: row.state },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});
