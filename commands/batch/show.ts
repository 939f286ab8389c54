import { z } from 'zod';
import { listBatchLines } from '#db/batch-rows.ts';
import { findBatchOfRun } from '#db/batches.ts';
import type { Sql } from '#db/connection.ts';
import { findRun } from '#db/runs.ts';
import { describeBatch, linesCsv } from '#src/batches/describe-batch.ts';
import { describeKeptFile } from '#src/batches/describe-file.ts';
import { readKeptFile } from '#src/batches/keep-file.ts';
import { UserError } from '#src/core/errors.ts';
import { type Command, defineLookup } from '#src/runner/define-command.ts';
import { flagField } from '#src/runner/fields.ts';
import { fileInputsOf } from '#src/runner/file-field.ts';
import { runField } from '#src/runner/id-fields.ts';

const SHOWN = 10;

/** What became of every line of an import; before it is carried out, the lines that it would carry out. */
export const batchShow = defineLookup({
  name: 'batch show',
  summary: 'Show how far an import is, and what became of every line',
  examples: ['batch show run_01k9zq3v5t8w2x4y6z7a8b9c0d', 'batch show run_01k9zq3v5t8w2x4y6z7a8b9c0d --csv'],
  allowed: ['support', 'billing'],
  effect: 'reads',
  input: z.object({
    run: runField,
    csv: flagField({ label: 'As a CSV file', hint: 'Every line and what became of it' }),
  }),
  positionals: ['run'],

  async answer({ run, csv }, { sql, cause, commands }) {
    const batch = await findBatchOfRun(sql, run);
    if (!batch) {
      const file = await fileOfRun(sql, commands, run);
      if (file)
        return { ...(await describeKeptFile(file.run, file.kept)), correlationId: cause.correlationId };
      const message = `${run} worked through no file.`;
      throw new UserError('not_found', message, 'The run stands on the receipt of the import.', {
        run: message,
      });
    }
    const troubled = await listBatchLines(sql, batch.id, { states: ['failed', 'skipped'], limit: SHOWN });
    const reply = { ...describeBatch(batch, troubled), correlationId: cause.correlationId };
    if (!csv) return reply;
    const text = linesCsv(await listBatchLines(sql, batch.id));
    return {
      ...reply,
      file: { name: `${batch.command.replace(' ', '-')}-${run}.csv`, text },
      json: { ...(reply.json as object), csv: text },
    };
  },
});

/** The file that a run which has not begun would work through; null when it would through none. */
async function fileOfRun(sql: Sql, commands: readonly Command[], runId: string) {
  const run = await findRun(sql, runId);
  const command = run && commands.find(({ name }) => name === run.command);
  const [input] = command ? fileInputsOf(command) : [];
  if (!run || input === undefined) return null;
  return { run, kept: await readKeptFile(sql, String(JSON.parse(run.input)[input])) };
}
