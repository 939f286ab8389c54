import { z } from 'zod';
import { listPendingOfTicket } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { listIncidentUpdates } from '#db/incident-updates.ts';
import type { IncidentRow } from '#db/incidents.ts';
import { findOpenRollback } from '#db/rollbacks.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { changeIncident } from '#src/incidents/change.ts';
import { startClock } from '#src/incidents/clock.ts';
import { isDrill } from '#src/incidents/drill-mark.ts';
import { incidentName } from '#src/incidents/find.ts';
import { findIncidentMeant } from '#src/incidents/meant.ts';
import { publishUpdate } from '#src/incidents/publish.ts';
import { tellRoom } from '#src/incidents/rooms/tell.ts';
import { openPostmortem } from '#src/postmortems/open.ts';
import type { Reply } from '#src/replies/reply.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, fieldMeta, optionalTextField } from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';
import { namesOkField } from '#src/runner/names-ok-field.ts';
import { requirePublishable } from '#src/status-page/lint.ts';

const DEFAULT_TEXT = 'This is resolved, and everything works again.';

/** Ends it. Customers who were told of it are told of its end with the same click. */
export const incidentResolve = defineCommand({
  name: 'incident resolve',
  summary: 'End an incident, saying what ended it; customers who were told of it read that, too',
  examples: ['incident resolve INC-7 --reason "rolled back, checkout works since 14:20"'],
  allowed: ['oncall'],
  effect: 'reversible',
  input: z.object({
    incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }),
    text: optionalTextField(1_500, {
      label: 'What customers read',
      placeholder: DEFAULT_TEXT,
      control: 'multiline',
    }),
    namesOk: namesOkField,
    ...changeInputs,
  }),
  positionals: ['incident'],

  async plan({ incident: named, text, namesOk, reason }, { sql, settings, cause }) {
    const incident = await findIncidentMeant(sql, named, cause.actor);
    const name = incidentName(incident);
    if (incident.state === 'resolved')
      throw new UserError(
        'conflict',
        `${name} is resolved already.`,
        `If it came back, reopen it: incident reopen ${name}`,
      );
    const isPublic = (await listIncidentUpdates(sql, [incident.id])).length > 0;
    const body = isPublic ? (text ?? DEFAULT_TEXT) : null;
    if (body !== null && body !== DEFAULT_TEXT)
      await requirePublishable(sql, settings, 'text', body, namesOk);
    return {
      title: `Resolve ${name}, “${incident.title}”`,
      customerId: null,
      changes: [{ label: 'Incident', before: incident.state, after: 'resolved' }],
      facts: [
        {
          label: isDrill(incident) ? 'Customers would have read' : 'Customers read',
          value: body ?? 'Nothing: they were not told of it.',
        },
        ...(body === null ? [] : [{ label: 'Components', value: 'all in order again' }]),
      ],
      warnings: await unfinished(sql, incident),
      confirmLabel: 'Resolve the incident',
      basis: [incident.id, incident.state, incident.clock_at, body],
      data: { incident, body, reason },
    };
  },

  async execute({ data: { incident, body, reason }, changes }, { sql, settings, cause }) {
    const ended = { state: 'resolved' as const, resolved_at: cause.now };
    const note = { kind: 'state' as const, text: `resolved it: ${reason}` };
    const publicTitle = incident.public_title ?? incident.title;
    const row =
      body === null
        ? await changeIncident(sql, cause, incident, ended, note)
        : await publishUpdate(sql, settings, cause, incident, {
            state: 'resolved',
            body,
            impacts: {},
            publicTitle,
          });
    if (body !== null) await changeIncident(sql, cause, row, {}, note);
    await startClock(sql, settings, cause, row);
    await openPostmortem(sql, cause, row);
    const name = incidentName(row);
    await tellRoom(sql, cause, row, {
      key: `resolved:${row.version}`,
      reply: resolvedReply(settings, cause, name, reason),
    });
    return {
      title: `${name} is resolved`,
      customerId: null,
      changes,
      facts: [
        {
          label: 'Postmortem',
          value: `Due ${isDrill(row) ? 'in a few minutes' : 'within 24 hours'}; it is drafted: incident postmortem ${name}`,
        },
      ],
      before: { state: incident.state },
      after: { state: row.state, published: body },
      undo: { line: `incident reopen ${name}`, sentence: 'If it comes back, reopen it with what you see.' },
      logs: [{ event: 'incident', action: 'incident_resolved', incident: row.id }],
      json: { incident: name, state: row.state },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});

/** What somebody who ends it at night may have forgotten. */
async function unfinished(sql: Sql, incident: IncidentRow): Promise<string[]> {
  const name = incidentName(incident);
  const rollback = isDrill(incident) ? undefined : await findOpenRollback(sql);
  const asked = await listPendingOfTicket(sql, name);
  return [
    ...(incident.severity === null
      ? [`Nobody said how bad it was. Say so first: incident change ${name} --severity sev2`]
      : []),
    ...(rollback ? [`A rollback to ${rollback.to_version} is still on its way.`] : []),
    ...asked.map((row) => `${row.requester_name}’s “${row.command}” for ${name} still waits for an answer.`),
  ];
}

/** What the room reads at its end, and how long it stays. */
function resolvedReply(settings: Settings, cause: Cause, name: string, reason: string): Reply {
  const days = settings.incidents.archive_rooms_after_days;
  const stays = days === 0 ? 'goes into the archive now' : `goes into the archive in ${counted(days, 'day')}`;
  return {
    tone: 'done',
    title: `${name} is resolved: ${reason}`,
    hint: `This room ${stays}; reopening the incident keeps it.`,
    buttons: [
      { kind: 'command', label: 'Write the postmortem', line: `postmortem write ${name}` },
      { kind: 'command', label: 'Reopen', line: `incident reopen ${name}` },
    ],
    correlationId: cause.correlationId,
  };
}
