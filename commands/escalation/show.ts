import { z } from 'zod';
import { unknownEscalation } from '#src/escalations/answer.ts';
import { escalationCard } from '#src/escalations/card.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { escalationField } from '#src/runner/runbook-fields.ts';

/** The card as it stands now, wherever one is. */
export const escalationShow = defineLookup({
  name: 'escalation show',
  summary: 'Show an escalation as it stands now',
  examples: ['escalation show esc_01jd2n8t1k5wq7x3e9r4'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ escalation: escalationField }),
  positionals: ['escalation'],

  async answer({ escalation: id }, { sql, settings }) {
    const card = await escalationCard(sql, settings, id);
    if (!card) throw unknownEscalation(id);
    const { mentions: _toNobody, ...reply } = card.reply;
    return reply;
  },
});
