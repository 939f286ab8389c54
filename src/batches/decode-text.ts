import { UserError } from '#src/core/errors.ts';

/** Beyond it a file is no list of customers any more, and a preview would take too long. */
export const FILE_MAX_BYTES = 5 * 1024 * 1024;

/**
 * The text of a file that somebody handed in: UTF-8, with or without a byte order mark.
 *
 * @throws UserError that says what it is instead, and how to save it
 */
export function decodeText(name: string, bytes: Uint8Array): string {
  if (bytes.length === 0) throw unfit(`The file ${name} is empty.`, 'Choose the file with the lines in it.');
  if (bytes.length > FILE_MAX_BYTES) {
    const size = (bytes.length / 1024 / 1024).toFixed(1);
    throw unfit(`The file ${name} has ${size} MB; Lucy takes 5 MB.`, 'Split it into several files.');
  }
  const [first = 0, second = 0] = bytes;
  if (first === 0x50 && second === 0x4b)
    throw unfit(`The file ${name} is a spreadsheet or an archive, not CSV.`, saveAsCsv);
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw unfit(`The file ${name} is UTF-16, and Lucy reads UTF-8.`, saveAsCsv);
  const text = utf8(name, bytes);
  if (text.includes('\0')) throw unfit(`The file ${name} is not text.`, saveAsCsv);
  if (/^\s*<(!doctype|html)\b/i.test(text))
    throw unfit(`The file ${name} is a web page, not CSV.`, saveAsCsv);
  return text;
}

const saveAsCsv = 'In the spreadsheet, save it as “CSV UTF-8”, and hand that file in.';

function utf8(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unfit(
      `The file ${name} is not UTF-8, probably Windows-1252, so names such as Zoë would be spoilt.`,
      saveAsCsv,
    );
  }
}

function unfit(message: string, hint: string): UserError {
  // A form shows what is under its field, and nothing else.
  return new UserError('invalid', message, hint, { file: `${message} ${hint}` });
}
