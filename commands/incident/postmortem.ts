import { z } from 'zod';
import { listed } from '#src/core/text.ts';
import { findIncidentOrLast } from '#src/incidents/meant.ts';
import { postmortemDocument } from '#src/postmortems/document.ts';
import { type Draft, readDraft } from '#src/postmortems/draft.ts';
import { postmortemMarkdown } from '#src/postmortems/markdown.ts';
import type { Render } from '#src/rendering/render.ts';
import type { ReplyFile, Value } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { fieldMeta, optionalChoiceField } from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';

const SHOWN = 15;

/** Playbook, downtime response 5: drafted from the timeline, so that nobody begins with an empty page. */
export const incidentPostmortem = defineLookup({
  name: 'incident postmortem',
  summary: 'Show an incident’s postmortem as far as it is written, as Markdown or PDF, too',
  examples: ['incident postmortem INC-7', 'incident postmortem INC-7 --format pdf'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({
    incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }),
    format: optionalChoiceField(['markdown', 'pdf'], { label: 'As a file' }, { md: 'markdown' }),
  }),
  positionals: ['incident'],

  async answer({ incident: named, format }, { sql, settings, render, cause }) {
    const { now } = cause;
    const incident = await findIncidentOrLast(sql, named, cause.actor);
    const draft = await readDraft(sql, settings, incident, now);
    return {
      tone: draft.missing.length > 0 ? 'warning' : 'info',
      title: `Postmortem of ${draft.title}`,
      facts: draft.impact,
      sections: [
        ...draft.written.map(({ heading, text }) => ({
          heading,
          lines: text === null ? [] : [[text]],
          empty: 'Not written yet.',
        })),
        {
          heading:
            draft.timeline.length > SHOWN
              ? `The last ${SHOWN} of ${draft.timeline.length} entries; all are in the file`
              : 'Timeline',
          lines: draft.timeline.slice(-SHOWN).map(({ at, who, what }): Value[] => [`${at} ${who}: ${what}`]),
          empty: 'Nothing was written down.',
        },
        {
          heading: 'Actions',
          lines: draft.actions.map(({ id, text, owner, due, isDone }): Value[] => [
            { code: id },
            `${text} (${owner}, ${due}${isDone ? ', done' : ''})`,
          ]),
          empty: 'None yet.',
        },
      ],
      ...(draft.missing.length > 0 ? { hint: `Missing: ${listed(draft.missing)}.` } : {}),
      buttons: [
        { kind: 'command', label: 'Write', line: `postmortem write ${draft.name}` },
        { kind: 'command', label: 'Add an action', line: `postmortem action --incident ${draft.name}` },
        { kind: 'command', label: 'As PDF', line: `incident postmortem ${draft.name} --format pdf` },
      ],
      ...(format === undefined ? {} : { file: await fileOf(render, draft, format, now) }),
      json: draft,
    };
  },
});

async function fileOf(
  render: Render,
  draft: Draft,
  format: 'markdown' | 'pdf',
  now: number,
): Promise<ReplyFile> {
  if (format === 'markdown') return { name: `${draft.name}.md`, text: postmortemMarkdown(draft) };
  const { bytes, pages } = await render.pdf(postmortemDocument(draft, now));
  return {
    name: `${draft.name}.pdf`,
    base64: Buffer.from(bytes).toString('base64'),
    alt: `The postmortem of ${draft.title} on ${pages} pages.`,
  };
}
