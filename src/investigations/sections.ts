import type { InvestigationStep } from '#db/investigations.ts';
import { counted, listed } from '#src/core/text.ts';
import { elsewhereSections, foundElsewhere } from '#src/diagnosis/describe-elsewhere.ts';
import type { Fact, Section, Value } from '#src/replies/reply.ts';
import { saysOf, stepNames } from './steps.ts';
import type { StoredCase } from './stored-case.ts';
import { correlated, linked, pulled, type StepVerdict } from './verdicts.ts';

const MOMENTS_SHOWN = 10;

export function factsOf({ row, findings, email }: StoredCase): Fact[] {
  const { release } = findings;
  return [
    ...(email === null ? [] : [{ label: 'Customer', value: email }]),
    ...(row.request_id === null ? [] : [{ label: 'Request ID', value: { code: row.request_id } }]),
    ...(row.around_at === null ? [] : [{ label: 'Around', value: { at: row.around_at } }]),
    { label: 'Looked at', value: { at: row.looked_at } },
    ...(release
      ? [
          {
            label: release.isSuspect ? 'Deployed shortly before' : 'Release before it',
            value: release.url === null ? release.version : { link: release.url, text: release.version },
          },
        ]
      : []),
    ...linkFacts(row.patch_url, row.test_url),
    { label: 'Case ID', value: { code: row.id } },
  ];
}

function linkFacts(patch: string | null, test: string | null): Fact[] {
  const facts: Fact[] = [];
  if (patch !== null) facts.push({ label: 'Patch', value: { link: patch, text: patch } });
  if (test !== null) facts.push({ label: 'Regression test', value: { link: test, text: test } });
  return facts;
}

export function sectionsOf(stored: StoredCase): Section[] {
  const { findings, notes } = stored;
  return [
    { heading: 'Steps', lines: stepNames.flatMap((step, index) => stepLines(stored, step, index + 1)) },
    ...(notes.length > 0
      ? [
          {
            heading: 'Notes',
            lines: notes.map((note): Value[] => [
              { at: note.at },
              `${note.actor_name}: ${note.reason ?? ''}`,
            ]),
          },
        ]
      : []),
    happened(stored),
    ...(findings.incidents.length > 0
      ? [
          {
            heading: 'Incidents near it',
            lines: findings.incidents.map(({ name, title, state, at }): Value[] => [
              { at },
              `${name}: ${title}, ${state}`,
            ]),
          },
        ]
      : []),
    ...elsewhereSections(findings.elsewhere),
  ];
}

function happened({ findings }: StoredCase): Section {
  const shown = findings.moments.slice(0, MOMENTS_SHOWN);
  const hidden = findings.total - shown.length;
  const elsewhere = foundElsewhere(findings.elsewhere);
  return {
    heading: findings.total === 0 ? 'What happened' : `What happened: ${counted(findings.total, 'thing')}`,
    lines: [
      ...shown.map(({ at, sentence }): Value[] => [{ at }, sentence]),
      ...(hidden > 0 ? [[`${counted(hidden, 'more thing')}; “trace” shows all of them.`]] : []),
    ],
    empty:
      elsewhere.length === 0
        ? 'Nothing that Lucy knows of.'
        : `Nothing of it came as far as Lucy; below: ${listed(elsewhere)}.`,
  };
}

/** The step, and below it who ticked it and when, or why it is not ticked yet. */
function stepLines(stored: StoredCase, step: InvestigationStep, number: number): Value[][] {
  const ticked = stored.steps.find((candidate) => candidate.step === step);
  const line: Value[] = [`${ticked ? '✓' : '☐'} ${number}`, saysOf(step)];
  if (ticked) return [line, ['↳', `${ticked.ticked_name}: ${ticked.note}`, { at: ticked.ticked_at }]];
  const verdict = verdictOf(stored, step);
  return verdict ? [line, ['↳', verdict.note]] : [line];
}

function verdictOf({ row, findings }: StoredCase, step: InvestigationStep): StepVerdict | null {
  if (step === 'correlate') return correlated(findings, row.around_at);
  if (step === 'logs') return pulled(findings);
  return step === 'patch' ? linked(row) : null;
}
