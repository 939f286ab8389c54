import { z } from 'zod';
import { type DrillRow, listDrills } from '#db/drills.ts';
import { isoTime, spanWords } from '#src/core/clock.ts';
import { describeDrill, readScore } from '#src/drills/card.ts';
import { metWords, scoreLines } from '#src/drills/score.ts';
import type { Value } from '#src/replies/reply.ts';
import { type CommandContext, defineLookup } from '#src/runner/define-command.ts';

const SHOWN_MAX = 20;

/** Whether practising helps is seen over many drills. */
export const drillList = defineLookup({
  name: 'drill list',
  summary: 'Show the drill that is on, and how the last ones went',
  examples: ['drill list'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, settings }) {
    const rows = await listDrills(sql, SHOWN_MAX);
    const open = rows.find(({ ended_at }) => ended_at === null);
    const shown = open ? await describeDrill(sql, settings, open) : null;
    return {
      tone: 'info',
      title: shown?.title ?? 'No drill is on.',
      facts: shown?.facts ?? [],
      sections: [
        ...(shown?.sections ?? []),
        {
          heading: 'Drills so far',
          table: {
            columns: ['Started', 'By', 'Ended', 'Lasted', 'Targets', 'Updates in time'],
            rows: rows.filter(({ ended_at }) => ended_at !== null).map((row) => rowOf(row, settings)),
          },
          empty: 'There was none yet.',
        },
      ],
      buttons: shown?.buttons ?? [{ kind: 'command', label: 'Start a drill', line: 'incident drill' }],
      json: rows.map((row) => ({
        drill: row.id,
        startedAt: isoTime(row.started_at),
        startedBy: row.started_name,
        outcome: row.outcome,
        step: row.step,
        score: readScore(row),
      })),
    };
  },
});

const outcomes = {
  done: 'gone through',
  stopped: 'stopped',
  real: 'ended by a real incident',
  idle: 'nobody went on',
};

function rowOf(row: DrillRow, settings: CommandContext['settings']): Value[] {
  const score = readScore(row);
  const isWhole = row.outcome === 'done' && score !== null;
  return [
    { at: row.started_at },
    row.started_name,
    row.outcome === null ? 'on' : outcomes[row.outcome],
    spanWords((row.ended_at ?? row.started_at) - row.started_at),
    isWhole ? metWords(scoreLines(score, settings)) : '–',
    isWhole ? `${score.updates - score.late} of ${score.updates}` : '–',
  ];
}
