import { z } from 'zod';
import { isoTime } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';
import { isDrill } from '#src/incidents/drill-mark.ts';
import { incidentName } from '#src/incidents/find.ts';
import { describeImpacts, type Impacts, parseImpacts, readImpacts } from '#src/incidents/impact.ts';
import { findIncidentMeant } from '#src/incidents/meant.ts';
import { owedAt } from '#src/incidents/owed-at.ts';
import { stillWords } from '#src/incidents/owed-update.ts';
import { publishUpdate, requirePublic } from '#src/incidents/publish.ts';
import { openStates } from '#src/incidents/severity.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import {
  fieldMeta,
  optionalChoiceField,
  optionalTextField,
  textField,
  ticketField,
} from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';
import { namesOkField } from '#src/runner/names-ok-field.ts';
import { requirePublishable } from '#src/status-page/lint.ts';
import { stateWords } from '#src/status-page/words.ts';

/** Playbook, downtime response 4: what customers read, seen before it is published exactly as they will. */
export const incidentUpdate = defineCommand({
  name: 'incident update',
  summary: 'Tell customers on the status page how it goes, and start the clock of the next update',
  examples: [
    'incident update "Payments fail for some customers. We are looking for the cause."',
    'incident update "We found the cause." --state identified --components "service=partial"',
  ],
  allowed: ['oncall'],
  effect: 'reversible',
  reasonFrom: 'text',
  input: z.object({
    text: textField(1_500, 'Say what customers should know.', {
      label: 'What customers read',
      placeholder: 'Payments fail for some customers. We are looking for the cause.',
      control: 'multiline',
    }),
    incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }),
    state: optionalChoiceField(openStates, { label: 'State', hint: 'Stays as it is when empty' }),
    components: optionalTextField(300, {
      label: 'Components',
      placeholder: 'service=major',
      hint: 'Which are degraded, partial or major; “none” clears them',
    }),
    title: optionalTextField(120, {
      label: 'Name for customers',
      hint: 'The title on the status page. Without one they read the incident’s own',
    }),
    namesOk: namesOkField,
    ticket: ticketField,
  }),
  positionals: ['text'],
  takesRest: true,

  /** With the first update customers read a title: whoever writes it sees which, and it is not ours if that is not for them. */
  async prefill({ incident: named, title }, { sql, settings, cause }) {
    const incident = await findIncidentMeant(sql, named, cause.actor).catch((error: unknown) => {
      // Which one is meant is chosen in the form.
      if (named === undefined && error instanceof UserError) return null;
      throw error;
    });
    if (incident === null) return {};
    requirePublic(incident);
    if (incident.public_title !== null || title !== undefined) return { incident: incidentName(incident) };
    const isForThem = await requirePublishable(sql, settings, 'title', incident.title, false).then(
      () => true,
      () => false,
    );
    return {
      incident: incidentName(incident),
      title: isForThem ? incident.title : 'We are looking into a problem',
    };
  },

  /** Which components there are, only the settings know. */
  async beforeForm(_raw, { settings }) {
    const known = settings.status_page.components.map(({ id }) => id);
    return known.length === 0 ? null : { tone: 'info', title: `Components: ${listed(known)}.` };
  },

  async plan(input, { sql, settings, cause }) {
    const incident = await findIncidentMeant(sql, input.incident, cause.actor);
    const name = incidentName(incident);
    requirePublic(incident);
    if (incident.state === 'resolved')
      throw new UserError(
        'conflict',
        `${name} is resolved, so customers need no update.`,
        `If it came back, reopen it: incident reopen ${name}`,
      );
    const publicTitle = input.title ?? incident.public_title ?? incident.title;
    const isOurTitle = input.title === undefined && incident.public_title === null;
    const isPlayed = isDrill(incident);
    await requirePublishable(sql, settings, 'title', publicTitle, input.namesOk);
    // Lucy’s own draft names nobody, whatever a customer is called.
    const isDraft = input.text === stillWords[incident.state];
    await requirePublishable(sql, settings, 'text', input.text, input.namesOk || isDraft);
    const state = input.state ?? incident.state;
    const impacts =
      input.components === undefined
        ? readImpacts(incident.impacts)
        : parseImpacts(settings, input.components);
    const nextAt = owedAt(settings, { clock_at: cause.now, pace: incident.pace });
    return {
      title: isPlayed ? `Practise an update about ${name}` : `Publish an update about ${name}`,
      customerId: null,
      changes: [{ label: 'State', before: incident.state, after: state }],
      facts: [
        ...(isPlayed ? [{ label: 'Drill', value: 'Nothing is published.' }] : []),
        { label: 'Title on the page', value: publicTitle },
        {
          label: isPlayed ? 'Customers would have read' : 'Customers read',
          value: `${stateWords[state]}: ${input.text}`,
        },
        { label: 'Out of order', value: describeImpacts(settings, impacts) },
        { label: 'Next update by', value: { at: nextAt } },
      ],
      warnings: isPlayed ? [] : warningsOf(impacts, isOurTitle),
      confirmLabel: isPlayed ? 'Practise it' : 'Publish',
      basis: [
        incident.id,
        incident.state,
        incident.clock_at,
        incident.impacts,
        publicTitle,
        state,
        input.text,
      ],
      data: { incident, update: { state, body: input.text, impacts, publicTitle } },
    };
  },

  async execute({ data: { incident, update }, changes }, { sql, settings, cause }) {
    const row = await publishUpdate(sql, settings, cause, incident, update);
    const name = incidentName(row);
    const nextAt = owedAt(settings, row);
    return {
      title: isDrill(row)
        ? `Practised: customers would have read about ${name}; nothing was published`
        : `Published: customers read about ${name} on the status page`,
      customerId: null,
      changes,
      facts: [{ label: 'Next update by', value: { at: nextAt } }],
      before: { state: incident.state },
      after: { state: row.state, text: update.body, impacts: update.impacts },
      undo: {
        line: null,
        sentence: isDrill(row)
          ? 'Nothing was published, so nothing has to be taken back.'
          : 'What was published is never taken away unseen; publish another update.',
      },
      logs: [{ event: 'incident', action: 'incident_update_published', incident: row.id }],
      json: { incident: name, state: row.state, nextUpdateBy: isoTime(nextAt) },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});

function warningsOf(impacts: Impacts, isOurTitle: boolean): string[] {
  return [
    ...(Object.keys(impacts).length === 0
      ? ['No component is marked, so the page says above it that everything works. Add --components.']
      : []),
    ...(isOurTitle
      ? ['The title on the page is the incident’s own. Give customers another one with --title.']
      : []),
  ];
}
