import type { BatchRow } from '#db/batches.ts';
import { counted, listed } from '#src/core/text.ts';

/** What happened to a line that was carried out, by command. */
const doneWords: Readonly<Record<string, string>> = {
  'credits import': 'imported',
  'credits unimport': 'taken back',
  'customer import': 'imported',
};

/** `120 of 500 lines of credits.csv so far`. */
export function progressWords({ applied, failed, skipped, total, subject }: BatchRow): string {
  const ended = applied + failed + skipped;
  return `${ended.toLocaleString('en-US')} of ${counted(total, 'line')} of ${subject} so far`;
}

/** `98 of 100 lines of credits.csv imported, 1 failed and 1 left out`. */
export function endWords({ command, applied, failed, skipped, total, subject }: BatchRow): string {
  const parts = [
    `${applied.toLocaleString('en-US')} of ${counted(total, 'line')} of ${subject} ${doneWords[command] ?? 'carried out'}`,
    ...(failed > 0 ? [`${failed.toLocaleString('en-US')} failed`] : []),
    ...(skipped > 0 ? [`${skipped.toLocaleString('en-US')} left out`] : []),
  ];
  return listed(parts);
}
