import { listBatchesOfFile } from '#db/batches.ts';
import type { Sql } from '#db/connection.ts';
import { lockFile } from '#db/files.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { RefusedWithReport } from '#src/replies/refused-with-report.ts';
import type { ReplyFile } from '#src/replies/reply.ts';
import { BAD_SHOWN, type BadLine, badCount, badLinesCsv, badLineWords } from './bad-line.ts';
import type { CheckedFile } from './check-file.ts';

export type Admitted = {
  warnings: string[];
  /** The bad lines, where some are left out. */
  file?: ReplyFile;
  /** What else must be the same when it is confirmed. */
  basis: unknown;
};

/**
 * Whether a file may be carried out: not with a bad line, unless they are left out on purpose, and not a second time,
 * unless that is meant.
 *
 * @throws RefusedWithReport with every bad line
 */
export async function admitFile(
  sql: Sql,
  command: string,
  file: CheckedFile<unknown>,
  bad: readonly BadLine[],
  wanted: { skipBad: boolean; again: boolean; isEmpty: boolean },
): Promise<Admitted> {
  await lockFile(sql, file.id);
  const before = await listBatchesOfFile(sql, file.id, command);
  const [last] = before;
  if (last && !wanted.again) throw importedBefore(file.name, last);
  const report = { name: `bad-lines-${file.name}`, text: badLinesCsv(file.header, bad) };
  if (bad.length > 0 && (!wanted.skipBad || file.isBroken || wanted.isEmpty))
    throw refusedFor(command, file, bad, report, wanted.isEmpty);
  return {
    warnings: [
      ...(last
        ? [
            `The same file was imported before, ${formatUtc(last.created_at)} (${last.run_id}); this does it again.`,
          ]
        : []),
      ...(bad.length > 0
        ? [`${badCount(bad, file.total)} are bad and left out.`, ...bad.slice(0, 5).map(badLineWords)]
        : []),
    ],
    ...(bad.length > 0 ? { file: report } : {}),
    basis: [before.map(({ id }) => id), bad.map(({ line, column }) => [line, column])],
  };
}

function refusedFor(
  command: string,
  file: CheckedFile<unknown>,
  bad: readonly BadLine[],
  report: ReplyFile,
  isEmpty: boolean,
): RefusedWithReport {
  const canSkip = !file.isBroken && !isEmpty;
  return new RefusedWithReport({
    tone: 'refused',
    title: `${badCount(bad, file.total)} of ${file.name} cannot be carried out, so nothing was changed.`,
    sections: [
      {
        heading:
          bad.length > BAD_SHOWN ? `The first ${BAD_SHOWN} of ${counted(bad.length, 'problem')}` : 'Problems',
        lines: bad
          .slice(0, BAD_SHOWN)
          .map(({ line, column, problem, hint }) => [`Line ${line}, ${column}`, `${problem} ${hint}`]),
      },
    ],
    hint: canSkip
      ? `Correct them in the file and hand it in again, or carry out the others alone: ${command} with --skip-bad. The list of bad lines can be mended, too, and handed in as it is.`
      : 'Correct them in the file and hand it in again.',
    ...(canSkip
      ? {
          buttons: [
            { kind: 'command' as const, label: 'Leave them out', line: `${command} ${file.id} --skip-bad` },
          ],
        }
      : {}),
    file: report,
    json: {
      error: { code: 'invalid', message: `${badCount(bad, file.total)} cannot be carried out.` },
      badLines: bad.map(({ line, column, problem, hint }) => ({ line, column, problem, hint })),
    },
  });
}

function importedBefore(
  name: string,
  last: { run_id: string; created_at: number; state: string },
): UserError {
  const how = last.state === 'running' ? 'is being imported just now' : 'was imported already';
  return new UserError(
    'conflict',
    `The file ${name} ${how}: ${last.run_id}, ${formatUtc(last.created_at)}. Nothing was changed.`,
    `Look at it with “batch show ${last.run_id}”. If it is meant a second time, add --again.`,
    { file: `It ${how}.`, again: 'Say yes if it is meant a second time.' },
  );
}
