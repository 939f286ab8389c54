import { z } from 'zod';
import { UserError } from '#src/core/errors.ts';
import { linkWork } from '#src/investigations/change.ts';
import { requireOpenCase } from '#src/investigations/find.ts';
import { missingLinks } from '#src/investigations/verdicts.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { Change } from '#src/replies/reply.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { caseField, codeLinkField } from '#src/runner/investigation-fields.ts';
import { noteField } from '#src/runner/runbook-fields.ts';

/** Playbook, bug investigation 4: the patch, and the test that fails without it. */
export const investigationLink = defineCommand({
  name: 'investigation link',
  summary: 'Link the patch and the regression test of an investigation',
  examples: [
    'investigation link ZD-812 --patch https://git.acme.example/pull/7 --test https://git.acme.example/pull/7/files',
  ],
  allowed: 'any role',
  effect: 'reversible',
  reasonFrom: 'note',
  asksFor: ['patch', 'test'],
  input: z.object({
    ticket: caseField,
    patch: codeLinkField('Patch', 'https://git.acme.example/pull/7'),
    test: codeLinkField('Regression test', 'https://git.acme.example/pull/7/files'),
    note: noteField,
  }),
  positionals: ['ticket'],

  async plan({ ticket, patch, test }, { sql }) {
    const row = await requireOpenCase(sql, ticket);
    if (patch === undefined && test === undefined) throw nothingToLink(row.ticket);
    const links = { patch_url: patch ?? row.patch_url, test_url: test ?? row.test_url };
    const missing = missingLinks(links);
    const changes: Change[] = [];
    if (patch !== undefined) changes.push({ label: 'Patch', before: row.patch_url ?? 'none', after: patch });
    if (test !== undefined)
      changes.push({ label: 'Regression test', before: row.test_url ?? 'none', after: test });
    return {
      title: `Link ${patch === undefined ? 'the regression test' : test === undefined ? 'the patch' : 'the patch and the regression test'} of ${row.ticket}`,
      customerId: null,
      changes,
      facts: missing.length > 0 ? [{ label: 'Still missing', value: missing.join(' and ') }] : [],
      confirmLabel: 'Link',
      basis: [row.id, row.patch_url, row.test_url, patch ?? null, test ?? null],
      data: { ticket: row.ticket, patch, test },
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const before = await linkWork(sql, settings, cause, data);
    const { ticket, patch, test } = data;
    const former = lineWithFlags(`investigation link ${ticket}`, [
      ['patch', patch === undefined ? undefined : (before.patch_url ?? undefined)],
      ['test', test === undefined ? undefined : (before.test_url ?? undefined)],
    ]);
    const isReplaced = former.includes('--');
    return {
      title: `Linked in the case of ${ticket}`,
      customerId: before.customer_id,
      changes,
      before: { patch: before.patch_url, test: before.test_url },
      after: { patch: patch ?? before.patch_url, test: test ?? before.test_url, investigation: before.id },
      undo: {
        line: isReplaced ? former : null,
        sentence: isReplaced ? 'Undo links what was linked before.' : 'Link another address in its place.',
      },
      logs: [{ event: 'investigation', action: 'investigation_linked', investigation: before.id }],
      json: { ticket, patch: patch ?? before.patch_url, test: test ?? before.test_url },
      isQuiet: true,
    };
  },
});

function nothingToLink(ticket: string): UserError {
  const message = 'Give the address of the patch, of the regression test, or both.';
  return new UserError('usage', message, `For example: investigation link ${ticket} --patch URL --test URL`, {
    patch: message,
  });
}
