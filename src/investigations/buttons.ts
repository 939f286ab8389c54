import { isLogUnavailable } from '#src/diagnosis/describe-elsewhere.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import type { StoredCase } from './stored-case.ts';

/** What is next, in the order of the steps. */
export function cardButtons({ row, steps, findings, email }: StoredCase): ReplyButton[] {
  const { ticket, state } = row;
  const trace: [string, string] = ['Trace', lineWithFlags('trace', [['id', ticket]])];
  if (state === 'closed') return asButtons([trace, ['Open it again', `investigate ${ticket}`]]);
  const isDone = (name: string) => steps.some(({ step }) => step === name);
  const elsewhere = isLogUnavailable(findings.elsewhere)
    ? findings.elsewhere.logs.kind === 'away'
      ? 'the log index does not answer'
      : 'the correlation ID is missing'
    : null;
  const copy = lineWithFlags('customer export', [
    ['email', email ?? undefined],
    ['anonymized', 'true'],
    ['reason', `to reproduce ${ticket}`],
  ]);
  return asButtons([
    ['Look again', `investigate ${ticket}`],
    trace,
    ...(isDone('reproduce')
      ? []
      : ([
          ['Anonymised copy', copy],
          ['It is reproduced …', `investigation step ${ticket} reproduce`],
        ] as [string, string][])),
    ['Link patch and test …', `investigation link ${ticket}`],
    ['Add a note …', `investigation note ${ticket}`],
    ...(elsewhere === null
      ? []
      : ([
          [
            'Tell DevOps …',
            lineWithFlags('escalate devops', [
              ['subject', email ?? row.request_id ?? undefined],
              ['about', elsewhere],
              ['ticket', ticket],
            ]),
          ],
        ] as [string, string][])),
    ['Close …', `investigation close ${ticket}`],
  ]);
}

function asButtons(lines: readonly (readonly [string, string])[]): ReplyButton[] {
  return lines.map(([label, line]) => ({ kind: 'command', label, line }));
}
