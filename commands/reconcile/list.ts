import { z } from 'zod';
import { countReconcileFindings } from '#db/reconcile-findings.ts';
import { listReconcileRuns } from '#db/reconcile-runs.ts';
import { isoTime } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import type { Value } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const SHOWN = 15;

export const reconcileList = defineLookup({
  name: 'reconcile list',
  summary: 'List the last reconciliations',
  examples: ['reconcile list'],
  allowed: ['billing', 'oncall'],
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql }) {
    const runs = await listReconcileRuns(sql, SHOWN);
    const listed = await Promise.all(
      runs.map(async (run) => {
        const counts = await countReconcileFindings(sql, run.id);
        const sum = (state?: string) =>
          counts.reduce((all, count) => all + (state && count.state !== state ? 0 : count.total), 0);
        return { run, found: sum(), open: sum('open') };
      }),
    );
    return {
      tone: 'info',
      title:
        runs.length === 0
          ? 'There was no reconciliation yet.'
          : `The last ${counted(runs.length, 'reconciliation')}.`,
      sections: [
        {
          heading: 'Reconciliations',
          table: {
            columns: ['Id', 'Began', 'By', 'About', 'State', 'Found', 'Open'],
            rows: listed.map(({ run, found, open }): Value[] => [
              { code: run.id },
              { at: run.started_at },
              run.actor_name,
              run.customer_id ? 'one customer' : 'everybody',
              run.state,
              String(found),
              String(open),
            ]),
          },
          empty: 'None.',
        },
      ],
      ...(runs.length === 0 ? { hint: 'Begin one: reconcile run --reason "…"' } : {}),
      json: listed.map(({ run, found, open }) => ({
        reconciliation: run.id,
        state: run.state,
        startedAt: isoTime(run.started_at),
        by: run.actor_name,
        customer: run.customer_id,
        found,
        open,
      })),
    };
  },
});
