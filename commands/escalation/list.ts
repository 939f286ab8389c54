import { z } from 'zod';
import { listOpenEscalations } from '#db/escalations.ts';
import { counted } from '#src/core/text.ts';
import { escalationJson, matterOf, teamOfRow } from '#src/escalations/card.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const SHOWN_MAX = 50;
const BUTTONS_MAX = 8;

/** What is open, the longest waiting first. */
export const escalationList = defineLookup({
  name: 'escalation list',
  summary: 'List what was escalated and is not closed',
  examples: ['escalation list'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, settings }) {
    const open = await listOpenEscalations(sql, SHOWN_MAX);
    const waiting = open.filter((row) => row.state === 'open').length;
    return {
      tone: waiting > 0 ? 'warning' : 'info',
      title:
        open.length === 0
          ? 'Nothing is escalated now.'
          : `${counted(open.length, 'escalation')} ${open.length === 1 ? 'is' : 'are'} open; ${waiting === 0 ? 'each is taken' : `${waiting} not taken yet`}.`,
      sections: [
        {
          heading: 'Open',
          lines: open.map((row) => [
            { at: row.created_at },
            `${teamOfRow(settings, row).name}: ${matterOf(row)}, ${row.taker_name ? `${row.taker_name} has it` : 'nobody has it yet'}`,
            { code: row.id },
          ]),
          empty: 'None.',
        },
      ],
      buttons: open.slice(0, BUTTONS_MAX).map((row, index) => ({
        kind: 'command' as const,
        label: `Show ${index + 1}: ${row.about}`,
        line: `escalation show ${row.id}`,
      })),
      json: { escalations: open.map(escalationJson) },
    };
  },
});
