import type { Reply } from '#src/replies/reply.ts';
import type { Command } from '#src/runner/define-command.ts';
import { usageOf } from '#src/runner/usage.ts';

/** What `--help` shows: how it is typed, with examples, and its form. */
export function usageReply(command: Command): Reply {
  return {
    tone: 'info',
    title: `${command.summary}.`,
    sections: [
      { heading: 'Usage', lines: [[{ code: `/lucy ${usageOf(command)}` }]] },
      { heading: 'Examples', lines: command.examples.map((example) => [{ code: `/lucy ${example}` }]) },
    ],
    buttons: [{ kind: 'command', label: 'Open the form', line: command.name }],
  };
}
