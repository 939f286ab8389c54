import { z } from 'zod';
import { type InvestigationRow, listInvestigations } from '#db/investigations.ts';
import { isoTime } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { missingLinks } from '#src/investigations/verdicts.ts';
import type { Value } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const OPEN_MAX = 50;
const CLOSED_MAX = 10;
const BUTTONS_MAX = 8;

/** What is looked into now, and what came of the last ones. */
export const investigationList = defineLookup({
  name: 'investigation list',
  summary: 'List the tickets that are looked into as defects',
  examples: ['investigation list'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql }) {
    const open = await listInvestigations(sql, 'open', OPEN_MAX);
    const closed = await listInvestigations(sql, 'closed', CLOSED_MAX);
    return {
      tone: 'info',
      title:
        open.length === 0
          ? 'Nothing is being investigated.'
          : `${counted(open.length, 'investigation')} ${open.length === 1 ? 'is' : 'are'} open.`,
      sections: [
        { heading: 'Open', lines: open.map(openLine), empty: 'None.' },
        { heading: 'Closed lately', lines: closed.map(closedLine), empty: 'None.' },
      ],
      buttons: open.slice(0, BUTTONS_MAX).map(({ ticket }) => ({
        kind: 'command' as const,
        label: `Show ${ticket}`,
        line: `investigation show ${ticket}`,
      })),
      ...(open.length === 0 ? { hint: 'Begin with: investigate ZD-812' } : {}),
      json: { open: open.map(jsonOf), closed: closed.map(jsonOf) },
    };
  },
});

function openLine(row: InvestigationRow): Value[] {
  const missing = missingLinks(row);
  const stands = missing.length === 0 ? 'patch and test are linked' : `${missing.join(' and ')} not linked`;
  return [{ at: row.opened_at }, `${row.ticket}, opened by ${row.actor_name}: ${stands}`];
}

function closedLine(row: InvestigationRow): Value[] {
  const how = row.no_change_at === null ? 'patched' : 'no code change';
  return [
    { at: row.closed_at ?? 0 },
    `${row.ticket}, closed by ${row.closed_name} (${how}): ${row.close_reason}`,
  ];
}

function jsonOf(row: InvestigationRow): Record<string, unknown> {
  return {
    id: row.id,
    ticket: row.ticket,
    state: row.state,
    openedBy: row.actor_name,
    openedAt: isoTime(row.opened_at),
    patch: row.patch_url,
    test: row.test_url,
  };
}
