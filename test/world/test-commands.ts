import { z } from 'zod';
import { defineCommand, defineLookup } from '#src/runner/define-command.ts';
import { changeInputs, optionalTextField } from '#src/runner/fields.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A change whose plan and deed take as long as a test wants, or fail as it wants. */
export function slowCommand(times: { planMs?: number; executeMs?: number; planError?: () => Error | null }) {
  return defineCommand({
    name: 'test slow',
    summary: 'Take long',
    examples: ['test slow --reason "a test"'],
    allowed: ['support'],
    effect: 'reversible',
    input: z.object({ note: optionalTextField(50, { label: 'Note' }), ...changeInputs }),
    positionals: ['note'],
    async gather() {
      await pause(times.planMs ?? 0);
      const error = times.planError?.();
      if (error) throw error;
    },
    async plan({ note }) {
      return {
        title: 'Do it slowly',
        customerId: null,
        changes: [{ label: 'Note', before: 'none', after: note ?? 'none' }],
        confirmLabel: 'Do it slowly',
        isDanger: true,
        basis: [],
        data: null,
      };
    },
    async execute() {
      await pause(times.executeMs ?? 0);
      return {
        title: 'Done slowly',
        customerId: null,
        changes: [],
        before: null,
        after: null,
        undo: { line: null, sentence: 'There is nothing to undo.' },
      };
    },
  });
}

/** A lookup that answers late. */
export function slowLookup(answerMs: number) {
  return defineLookup({
    name: 'test look',
    summary: 'Answer late',
    examples: ['test look'],
    allowed: 'any role',
    effect: 'reads',
    input: z.object({}),
    positionals: [],
    async answer() {
      await pause(answerMs);
      return { tone: 'info', title: 'Here it is at last.' };
    },
  });
}
