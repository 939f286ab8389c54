import { z } from 'zod';
import { isoTime } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { isDrill } from '#src/incidents/drill-mark.ts';
import { findIncidentMeant, incidentName } from '#src/incidents/find.ts';
import { describeImpacts, parseImpacts, readImpacts } from '#src/incidents/impact.ts';
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
      hint: 'When the incident’s own title is not for them',
    }),
    namesOk: namesOkField,
    ticket: ticketField,
  }),
  positionals: ['text'],
  takesRest: true,

  async plan(input, { sql, settings, cause }) {
    const incident = await findIncidentMeant(sql, input.incident);
    const name = incidentName(incident);
    requirePublic(incident);
    if (incident.state === 'resolved')
      throw new UserError(
        'conflict',
        `${name} is resolved, so customers need no update.`,
        `If it came back, reopen it: incident reopen ${name}`,
      );
    const publicTitle = input.title ?? incident.public_title ?? incident.title;
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
      title: isDrill(incident)
        ? `Practise an update about ${name}; nothing is published`
        : `Publish an update about ${name}`,
      customerId: null,
      changes: [{ label: 'State', before: incident.state, after: state }],
      facts: [
        { label: 'Customers read', value: `${publicTitle}: ${stateWords[state]}. ${input.text}` },
        { label: 'Out of order', value: describeImpacts(settings, impacts) },
        { label: 'Next update by', value: { at: nextAt } },
      ],
      warnings:
        Object.keys(impacts).length === 0 && !isDrill(incident)
          ? ['No component is marked, so the page says above it that everything works. Add --components.']
          : [],
      confirmLabel: 'Publish',
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
        ? `In earnest customers would read about ${name} now; nothing was published`
        : `Published: customers read about ${name} on the status page`,
      customerId: null,
      changes,
      facts: [{ label: 'Next update by', value: { at: nextAt } }],
      before: { state: incident.state },
      after: { state: row.state, text: update.body, impacts: update.impacts },
      undo: {
        line: null,
        sentence: 'What was published is never taken away unseen; publish another update.',
      },
      logs: [{ event: 'incident', action: 'incident_update_published', incident: row.id }],
      json: { incident: name, state: row.state, nextUpdateBy: isoTime(nextAt) },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});
