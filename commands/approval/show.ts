import { z } from 'zod';
import { approvalCard } from '#src/approvals/card.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { approvalField } from '#src/runner/id-fields.ts';
import { unknownApproval } from '#src/runner/open-approval.ts';

/** The card as it stands now, wherever one is: with its buttons in Slack, as text in the terminal. */
export const approvalShow = defineLookup({
  name: 'approval show',
  summary: 'Show a request for approval as it stands now',
  examples: ['approval show apr_01jd2n8t1k5wq7x3e9r4'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ approval: approvalField }),
  positionals: ['approval'],

  async answer({ approval: id }, { sql, settings }) {
    const card = await approvalCard(sql, settings, id);
    if (!card) throw unknownApproval(id);
    const { mentions: _toNobody, ...reply } = card.reply;
    return reply;
  },
});
