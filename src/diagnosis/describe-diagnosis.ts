import { formatUtc, isoTime } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import type { Fact, Reply, ReplyButton, Section, Value } from '#src/replies/reply.ts';
import { escalateLine } from '#src/routing/escalate-line.ts';
import { teamOf } from '#src/routing/team-of.ts';
import type { Remedy } from './check.ts';
import type { Diagnosis, Finding } from './diagnose.ts';

const EVIDENCE_MAX = 6;

/** Who may run a line that the reader may not; null where the reader may. */
type WhoElse = (line: string) => string | null;

/** Problems first, each with what shows it, what mends it, and whom to ask; what is fine is one line. */
export function describeDiagnosis(settings: Settings, diagnosis: Diagnosis, whoElse: WhoElse): Reply {
  const { customer, findings, why } = diagnosis;
  const problems = findings.filter(({ verdict }) => verdict === 'problem');
  const open = findings.filter(({ verdict }) => verdict === 'unknown');
  return {
    tone: problems.length > 0 ? 'warning' : 'done',
    title: titleOf(customer.email, problems, open),
    facts: [{ label: 'Tier', value: why.sentence }, askedFact(diagnosis)],
    sections: [
      ...problems.map((problem) => problemSection(settings, problem, whoElse)),
      ...(open.length > 0
        ? [{ heading: 'Not known', lines: open.map((row) => [`${row.title}: ${row.sentence}`]) }]
        : []),
      fineSection(findings),
    ],
    buttons: buttonsOf(diagnosis, problems),
    json: diagnosisJson(settings, diagnosis),
  };
}

function titleOf(email: string, problems: readonly Finding[], open: readonly Finding[]): string {
  const left = open.length > 0 ? ` ${counted(open.length, 'row')} of the runbook could not be answered.` : '';
  if (problems.length === 0) return `${email}: no problem found.${left}`;
  const first = problems[0]?.title ?? '';
  const more = problems.length > 1 ? ` and ${counted(problems.length - 1, 'more problem')}` : '';
  return `${email}: ${first}${more}.${left}`;
}

function askedFact({ stripe, picture }: Diagnosis): Fact {
  if (stripe.at !== null) return { label: 'Stripe was asked', value: { at: stripe.at } };
  const known = Math.max(0, ...picture.subscriptions.map((row) => row.fetched_at));
  const asOf = known > 0 ? formatUtc(known) : 'what our own records say';
  return { label: 'Stripe', value: `Not asked: ${stripe.why}. What is told here is as of ${asOf}.` };
}

function problemSection(settings: Settings, problem: Finding, whoElse: WhoElse): Section {
  const evidence = problem.evidence ?? [];
  const left = evidence.length - EVIDENCE_MAX;
  const lines: Value[][] = [
    [problem.sentence],
    ...evidence.slice(0, EVIDENCE_MAX).map((line) => [`• ${line}`]),
    ...(left > 0 ? [[`• … and ${left} more`]] : []),
    ...remediesOf(problem).map(({ line }, index): Value[] => {
      const others = whoElse(line);
      return [
        index === 0 ? 'Remedy:' : 'Or:',
        { code: line },
        ...(others === null ? [] : [`(for ${others})`]),
      ];
    }),
    [
      problem.team
        ? `If that does not mend it: ${teamOf(settings, problem.team).name} (${problem.seed}).`
        : `See: ${problem.seed}.`,
    ],
  ];
  return { heading: problem.title, lines };
}

function fineSection(findings: readonly Finding[]): Section {
  const well = findings.filter(({ verdict }) => verdict === 'ok').map(({ title }) => title);
  return {
    heading: 'Fine',
    lines: well.length > 0 ? [[`Looked for and not found: ${well.join('; ')}.`]] : [],
    empty: 'Nothing.',
  };
}

function remediesOf({ remedy, others = [] }: Finding): Remedy[] {
  return remedy ? [remedy, ...others] : [];
}

/** For each problem its remedy and its way up, as far as there is room; then where to look further. */
function buttonsOf({ customer }: Diagnosis, problems: readonly Finding[]): ReplyButton[] {
  const named = problems.slice(0, 4).flatMap((problem): ReplyButton[] => [
    ...remediesOf(problem).map((remedy) => ({ kind: 'command' as const, ...remedy })),
    ...(problem.team
      ? [
          {
            kind: 'command' as const,
            label: `Escalate: ${problem.title}`,
            line: escalateLine(problem.team, customer.email, problem.id),
          },
        ]
      : []),
  ]);
  return [
    ...named,
    { kind: 'command', label: 'Show customer', line: `customer show ${customer.email}` },
    { kind: 'command', label: 'Timeline', line: `customer timeline ${customer.email}` },
  ];
}

function diagnosisJson(settings: Settings, diagnosis: Diagnosis): Record<string, unknown> {
  const { customer, picture, why, stripe, findings } = diagnosis;
  return {
    email: customer.email,
    tier: picture.entitlement?.tier ?? null,
    access: picture.entitlement?.access ?? 'full',
    why: why.sentence,
    refs: why.refs,
    stripe: { askedAt: stripe.at === null ? null : isoTime(stripe.at), notAskedBecause: stripe.why },
    checks: findings.map((row) => ({
      id: row.id,
      title: row.title,
      verdict: row.verdict,
      sentence: row.sentence,
      evidence: row.evidence ?? [],
      remedy: row.remedy?.line ?? null,
      team: row.team && teamOf(settings, row.team).name,
      escalate: row.team && row.verdict === 'problem' ? escalateLine(row.team, customer.email, row.id) : null,
      seed: row.seed,
    })),
  };
}
