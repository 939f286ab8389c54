import type { InvestigationRow, InvestigationStep } from '#db/investigations.ts';
import { counted } from '#src/core/text.ts';
import { elsewhereWords } from '#src/diagnosis/describe-elsewhere.ts';
import type { Findings } from './findings.ts';

/** Whether a step is done by what was found, with the note of its tick; else why it is not. */
export type StepVerdict = { isDone: boolean; note: string };

/** Step 1: the ticket leads to a request ID, a correlation ID, or to what happened at its time. */
export function correlated({ correlationIds, total }: Findings, aroundAt: number | null): StepVerdict {
  const [first] = correlationIds;
  if (first !== undefined) {
    const more = correlationIds.length - 1;
    const things = total === 0 ? 'nothing of it came as far as Lucy' : counted(total, 'thing');
    return { isDone: true, note: `${first}${more > 0 ? ` and ${more} more` : ''}, ${things}` };
  }
  if (total > 0 && aroundAt !== null)
    return { isDone: true, note: `${counted(total, 'thing')} at that time` };
  return {
    isDone: false,
    note: 'No request ID, and nothing at that time, is known: ask for the X-Request-ID.',
  };
}

/** Step 2: whatever of the log index and Sentry is set up has answered. */
export function pulled({ elsewhere }: Findings): StepVerdict {
  const { logs, sentry } = elsewhere;
  const words = elsewhereWords(elsewhere);
  const note = `Log: ${words.log}. Sentry: ${words.sentry}`;
  const isLogRead = logs.kind === 'lines';
  const isSentryRead = sentry.kind === 'issues';
  const isDone =
    (isLogRead || isSentryRead) &&
    (isLogRead || logs.kind === 'unset') &&
    (isSentryRead || sentry.kind === 'unset');
  return { isDone, note: isDone ? note : `${note}.` };
}

/** Step 4: both are linked. */
export function linked({
  patch_url: patch,
  test_url: test,
}: Pick<InvestigationRow, 'patch_url' | 'test_url'>): StepVerdict {
  const missing = missingLinks({ patch_url: patch, test_url: test });
  return missing.length === 0
    ? { isDone: true, note: `${patch}, test: ${test}` }
    : { isDone: false, note: `Not linked yet: ${missing.join(' and ')}.` };
}

export function missingLinks(row: Pick<InvestigationRow, 'patch_url' | 'test_url'>): string[] {
  return [
    ...(row.patch_url === null ? ['the patch'] : []),
    ...(row.test_url === null ? ['the regression test'] : []),
  ];
}

/** What ticks the first two steps now. */
export function ticksOf(
  findings: Findings,
  aroundAt: number | null,
): { step: InvestigationStep; note: string }[] {
  const first = correlated(findings, aroundAt);
  const second = pulled(findings);
  return [
    ...(first.isDone ? [{ step: 'correlate' as const, note: first.note }] : []),
    ...(second.isDone ? [{ step: 'logs' as const, note: second.note }] : []),
  ];
}
