import type { RefusedWithReport } from '#src/replies/refused-with-report.ts';
import { printJson, printReply } from './print-reply.ts';
import type { Terminal } from './run-terminal.ts';

/** The words go to people, and the file to where it can be redirected. */
export function tellReport(
  { code, message, hint, reply }: RefusedWithReport,
  correlationId: string,
  isJson: boolean,
  terminal: Pick<Terminal, 'write' | 'writeError'>,
): void {
  if (isJson) {
    const told = typeof reply.json === 'object' ? reply.json : {};
    terminal.write(printJson({ ...told, error: { code, message, hint }, correlationId }));
    return;
  }
  terminal.writeError(printReply({ ...reply, correlationId }));
  if (reply.file && 'text' in reply.file) terminal.write(reply.file.text);
}
