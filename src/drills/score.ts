import type { DrillRow } from '#db/drills.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import type { DrillFacts } from './steps.ts';

/** How long each step took, in milliseconds of real time; null when it was not reached. */
export type DrillScore = {
  acknowledgedMs: number | null;
  declaredMs: number | null;
  firstUpdateMs: number | null;
  resolvedMs: number | null;
  filedMs: number | null;
  updates: number;
  late: number;
  /** The longest silence that customers would have had, on the drill's own clock. */
  longestSilenceMs: number;
  isFiledInTime: boolean;
};

/** From the alert on: time enough to look, and too short to hope (PagerDuty, external communication guidelines). */
const DECLARE_WITHIN_MS = 5 * MINUTE_MS;

export function scoreOf(drill: Pick<DrillRow, 'pace' | 'started_at'>, facts: DrillFacts): DrillScore {
  const { alert, incident, updates, postmortem } = facts;
  const since = (at: number | null | undefined, from: number | null | undefined) =>
    at == null || from == null ? null : Math.max(0, at - from);
  const told = [incident?.declared_at ?? drill.started_at, ...updates.map((row) => row.published_at)];
  const silences = told.slice(1).map((at, index) => at - (told[index] ?? at));
  const isFiled = postmortem !== null && postmortem.state !== 'draft';
  return {
    acknowledgedMs: since(alert?.acknowledged_at, alert?.opened_at),
    declaredMs: since(incident?.declared_at, alert?.opened_at),
    firstUpdateMs: since(updates[0]?.published_at, incident?.declared_at),
    resolvedMs: since(incident?.resolved_at, incident?.declared_at),
    filedMs: isFiled ? since(postmortem.ended_at, incident?.resolved_at) : null,
    updates: updates.length,
    late: updates.filter((row) => row.published_at > row.due_at).length,
    longestSilenceMs: Math.max(0, ...silences) * drill.pace,
    isFiledInTime: isFiled && (postmortem.ended_at ?? 0) <= postmortem.due_at,
  };
}

export type ScoreLine = { what: string; took: string; target: string; isMet: boolean | null };

/** Beside each measure what the playbook asks for; what people do is measured in real time, what is owed on the drill's clock. */
export function scoreLines(score: DrillScore, settings: Settings): ScoreLine[] {
  const took = (ms: number | null) => (ms === null ? 'not done' : spanWords(Math.max(1, ms)));
  const within = (ms: number | null, target: number) => ms !== null && ms <= target;
  const remindMs = settings.oncall.remind_after_minutes * MINUTE_MS;
  const every = settings.incidents.update_every_minutes;
  return [
    {
      what: 'Alert acknowledged',
      took: took(score.acknowledgedMs),
      target: `within ${spanWords(remindMs)}`,
      isMet: within(score.acknowledgedMs, remindMs),
    },
    {
      what: 'Incident declared',
      took: took(score.declaredMs),
      target: `within ${spanWords(DECLARE_WITHIN_MS)}`,
      isMet: within(score.declaredMs, DECLARE_WITHIN_MS),
    },
    { what: 'First update', took: took(score.firstUpdateMs), target: 'as soon as possible', isMet: null },
    {
      what: 'Updates in time',
      took: `${score.updates - score.late} of ${score.updates}`,
      target: 'all of them',
      isMet: score.updates > 0 && score.late === 0,
    },
    {
      what: 'Longest silence',
      took: took(score.longestSilenceMs),
      target: `${every} minutes on the drill’s clock`,
      isMet: score.updates > 0 && score.longestSilenceMs <= every * MINUTE_MS,
    },
    { what: 'Resolved', took: took(score.resolvedMs), target: 'no target', isMet: null },
    {
      what: 'Postmortem filed',
      took: took(score.filedMs),
      target: 'before it was due',
      isMet: score.isFiledInTime,
    },
  ];
}

/** `4 of 5 targets met`. */
export function metWords(lines: readonly ScoreLine[]): string {
  const judged = lines.filter(({ isMet }) => isMet !== null);
  return `${judged.filter(({ isMet }) => isMet).length} of ${judged.length} targets met`;
}
