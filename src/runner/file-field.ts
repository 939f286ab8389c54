import { listed } from '#src/core/text.ts';
import type { Command } from './define-command.ts';
import { fieldMeta, flagField, textField } from './fields.ts';

/** A CSV file with these columns. The surface hands it in and gives its id here: `file_…`, made of the content. */
export function csvFileField({ names, needed }: { names: readonly string[]; needed: readonly string[] }) {
  const optional = names.filter((name) => !needed.includes(name));
  const also = optional.length > 0 ? `; and, where wanted, ${listed(optional)}` : '';
  return textField(200, 'Hand in a CSV file.', {
    label: 'CSV file',
    placeholder: 'customers.csv',
    hint: `Its first line names the columns: ${listed(needed)}${also}. UTF-8, at most 5 MB`,
    control: 'file',
  });
}

/** What every command takes besides that works through a file. */
export const csvFileInputs = {
  skipBad: flagField({ label: 'Leave out bad lines', hint: 'Carry out the others' }),
  again: flagField({ label: 'Same file again', hint: 'It was imported before, and is meant again' }),
};

/** The inputs of a command that are files. */
export function fileInputsOf(command: Command): string[] {
  return Object.entries(command.input.shape)
    .filter(([, schema]) => fieldMeta(schema).control === 'file')
    .map(([name]) => name);
}
