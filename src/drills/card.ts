import type { Sql } from '#db/connection.ts';
import { type DrillOutcome, type DrillRow, findDoneDrillBefore, findDrill } from '#db/drills.ts';
import type { Cause } from '#src/core/cause.ts';
import { spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import { participantsOf } from '#src/incidents/drill-mark.ts';
import { incidentName } from '#src/incidents/find.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Fact, Reply, ReplyButton, Section } from '#src/replies/reply.ts';
import { adviceOf } from './advice.ts';
import { readDrillFacts } from './read-facts.ts';
import { type DrillScore, metWords, type ScoreLine, scoreLines } from './score.ts';
import { type DrillFacts, lineOf, type StepId, stepIds, stepWords } from './steps.ts';

export const drillKey = (id: string) => `drill:${id}`;

/** The living card of a drill: how far it is and what to type next; at its end how it went. */
export async function drillCard(
  sql: Sql,
  settings: Settings,
  id: string,
): Promise<{ reply: Reply; version: number } | null> {
  const row = await findDrill(sql, id);
  return row ? { version: row.version, reply: await describeDrill(sql, settings, row) } : null;
}

export async function describeDrill(sql: Sql, settings: Settings, row: DrillRow): Promise<Reply> {
  const facts = await readDrillFacts(sql, row.id);
  return row.ended_at === null ? ongoing(settings, row, facts) : ended(sql, settings, row, facts);
}

export async function renewDrillCard(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  row: DrillRow,
): Promise<void> {
  await renewCard(sql, cause, {
    key: drillKey(row.id),
    target: 'oncall',
    version: row.version,
    reply: await describeDrill(sql, settings, row),
  });
}

function ongoing(settings: Settings, row: DrillRow, facts: DrillFacts): Reply {
  const step = row.step as StepId;
  const { label, clock } = adviceOf(step, row, settings, facts);
  const at = stepIds.indexOf(step);
  return {
    tone: 'info',
    title: `DRILL, step ${at + 1} of ${stepIds.length}: ${stepWords[step]}.`,
    facts: [...aboutOf(row, facts), ...clock],
    sections: [
      {
        heading: 'Steps',
        lines: stepIds.map((id, index) => [
          `${index < at ? 'done' : index === at ? 'now' : 'later'}: ${stepWords[id]}`,
        ]),
      },
      ...(row.played_at === null
        ? [{ heading: 'To type', lines: [[{ code: `/lucy ${lineOf(step, facts)}` }]] }]
        : []),
    ],
    hint: 'Nothing of it is real, published or counted. Stop it whenever you like.',
    buttons: [
      ...(row.played_at === null ? [nextButton(label, step, facts)] : []),
      { kind: 'command', label: 'Stop the drill', line: 'drill stop' },
    ],
    correlationId: row.correlation_id,
    json: { drill: row.id, step, startedBy: row.started_name },
  };
}

export function nextButton(label: string, step: StepId, facts: DrillFacts): ReplyButton {
  return { kind: 'command', label, line: lineOf(step, facts) };
}

function aboutOf(row: DrillRow, facts: DrillFacts): Fact[] {
  return [
    { label: 'Takes part', value: listed(participantsOf(row).map(({ name }) => name)) },
    ...(row.played_at === null ? [] : [{ label: 'Played by', value: 'Lucy; just watch' }]),
    ...(facts.incident ? [{ label: 'Incident', value: incidentName(facts.incident) }] : []),
  ];
}

const endWords: Readonly<Record<DrillOutcome, string>> = {
  done: 'The drill is over',
  stopped: 'The drill was stopped',
  real: 'The drill ended, because a real incident is open',
  idle: 'The drill ended, because nobody went on',
};

async function ended(sql: Sql, settings: Settings, row: DrillRow, facts: DrillFacts): Promise<Reply> {
  const outcome = row.outcome ?? 'stopped';
  const about = [
    ...aboutOf(row, facts),
    { label: 'Lasted', value: spanWords((row.ended_at ?? row.started_at) - row.started_at) },
    ...(outcome === 'stopped'
      ? [{ label: 'Stopped by', value: `${row.ended_name}: ${row.ended_reason}` }]
      : []),
  ];
  const score = readScore(row);
  if (outcome !== 'done' || !score)
    return {
      tone: 'info',
      title: `${endWords[outcome]}.`,
      facts: about,
      hint: 'Its incident and postmortem are closed. Start another with “incident drill”.',
      correlationId: row.correlation_id,
      json: { drill: row.id, outcome },
    };
  const lines = scoreLines(score, settings);
  const last = await findDoneDrillBefore(sql, row.started_at);
  const lastScore = last ? readScore(last) : null;
  const lastLines = lastScore ? scoreLines(lastScore, settings) : null;
  return {
    tone: 'done',
    title: `${endWords.done}: ${metWords(lines)}.`,
    facts: [...about, ...(lastLines ? [{ label: 'Last time', value: metWords(lastLines) }] : [])],
    sections: [scoreSection(lines, lastLines)],
    hint: 'What took too long is worth a sentence in the runbook: “runbook suggest”.',
    buttons: [
      { kind: 'command', label: 'All drills', line: 'drill list' },
      ...(facts.incident
        ? [
            {
              kind: 'command' as const,
              label: 'Its postmortem',
              line: `incident postmortem ${incidentName(facts.incident)}`,
            },
          ]
        : []),
    ],
    correlationId: row.correlation_id,
    json: { drill: row.id, outcome, score },
  };
}

function scoreSection(lines: readonly ScoreLine[], last: readonly ScoreLine[] | null): Section {
  return {
    heading: 'Score card',
    table: {
      columns: ['What', 'Took', 'Target', 'Met', ...(last ? ['Last time'] : [])],
      rows: lines.map(({ what, took, target, isMet }, index) => [
        what,
        took,
        target,
        isMet === null ? '–' : isMet ? 'yes' : 'no',
        ...(last ? [last[index]?.took ?? '–'] : []),
      ]),
    },
  };
}

export function readScore(row: Pick<DrillRow, 'score'>): DrillScore | null {
  return row.score === null ? null : (JSON.parse(row.score) as DrillScore);
}
