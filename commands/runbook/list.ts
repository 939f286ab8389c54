import { z } from 'zod';
import { listOpenRunbookRuns } from '#db/runbook-runs.ts';
import { aboutOf } from '#src/runbooks/card.ts';
import { emailOf } from '#src/runbooks/email-of.ts';
import { findProcedure, procedures } from '#src/runbooks/procedures.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const OPEN_MAX = 20;
const BUTTONS_MAX = 10;

/** The team’s written procedures, and what somebody works through now. */
export const runbookList = defineLookup({
  name: 'runbook list',
  summary: 'List the runbooks, and what is being worked through',
  examples: ['runbook list'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql }) {
    const open = await Promise.all(
      (await listOpenRunbookRuns(sql, OPEN_MAX)).map(async (run) => ({
        run,
        words: `${findProcedure(run.runbook)?.title ?? run.runbook}${aboutOf(await emailOf(sql, run), run.ticket)}`,
      })),
    );
    return {
      tone: 'info',
      title: `There are ${procedures.length} runbooks, and ${open.length} being worked through.`,
      sections: [
        {
          heading: 'Runbooks',
          lines: procedures.map(({ name, title, when }) => [{ code: name }, `${title}. ${when}`]),
        },
        {
          heading: 'Being worked through',
          lines: open.map(({ run, words }) => [
            { code: run.id },
            `${words}, started by ${run.actor_name}`,
            { at: run.started_at },
          ]),
          empty: 'None.',
        },
      ],
      buttons: [
        // It asks which one.
        { kind: 'command', label: 'Read one …', line: 'runbook show' },
        ...open.slice(0, BUTTONS_MAX).map(({ run, words }) => ({
          kind: 'command' as const,
          label: words,
          line: `runbook show ${run.id}`,
        })),
      ],
      hint: 'Read one with: runbook show disputes',
      json: {
        runbooks: procedures.map(({ name, title, source, when }) => ({ name, title, source, when })),
        open: open.map(({ run }) => ({ id: run.id, runbook: run.runbook, ticket: run.ticket || null })),
      },
    };
  },
});
