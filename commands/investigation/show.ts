import { z } from 'zod';
import { investigationCard } from '#src/investigations/card.ts';
import { requireCase } from '#src/investigations/find.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { caseField } from '#src/runner/investigation-fields.ts';

/** The card as it stands now. */
export const investigationShow = defineLookup({
  name: 'investigation show',
  summary: 'Show the case of a ticket: what was found, and how far it is',
  examples: ['investigation show ZD-812'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ ticket: caseField }),
  positionals: ['ticket'],

  async answer({ ticket }, { sql, settings }) {
    const { id } = await requireCase(sql, ticket);
    const card = await investigationCard(sql, settings, id);
    if (!card) throw new Error(`Investigation ${id} has no row`);
    return card.reply;
  },
});
