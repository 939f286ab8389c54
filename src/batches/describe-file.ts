import type { FileRow } from '#db/files.ts';
import type { RunRow } from '#db/runs.ts';
import { counted } from '#src/core/text.ts';
import { csvLine } from '#src/replies/csv.ts';
import type { Fact, Reply } from '#src/replies/reply.ts';
import { readCsv } from './read-csv.ts';

/** The lookup that shows every line of an import: as it was handed in, and what became of it once it is carried out. */
export function lookAtLines(runId: string | null): { look?: { label: string; line: string } } {
  return runId === null ? {} : { look: { label: 'Every line', line: lineOf(runId) } };
}

/** The same where there are no buttons. */
export function linesFacts(runId: string | null): Fact[] {
  return runId === null ? [] : [{ label: 'Every line', value: { code: lineOf(runId) } }];
}

const lineOf = (runId: string) => `batch show ${runId} --csv`;

/** What a run would import, before it does: whoever approves it decides about every line, not about a sample. */
export async function describeKeptFile(run: RunRow, file: FileRow): Promise<Reply> {
  const { records } = await readCsv(file.content);
  const [header, ...lines] = records;
  const text = [
    csvLine(['line', ...(header?.cells ?? [])]),
    ...lines.map(({ line, cells }) => csvLine([line, ...cells])),
  ].join('');
  return {
    tone: 'info',
    title: `${file.name} as it was handed in, ${counted(lines.length, 'line')}; nothing of it is carried out by ${run.id} so far.`,
    facts: [
      { label: 'Command', value: { code: run.command } },
      { label: 'Who', value: run.actor_name },
      ...(run.reason ? [{ label: 'Why', value: run.reason }] : []),
      { label: 'Run', value: { code: run.id } },
    ],
    file: { name: `${run.command.replace(' ', '-')}-${run.id}.csv`, text },
    json: { run: run.id, command: run.command, state: run.state, total: lines.length, csv: text },
  };
}
