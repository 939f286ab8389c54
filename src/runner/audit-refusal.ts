import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import type { Command } from './define-command.ts';
import type { Runner } from './runner.ts';

/**
 * Lets `work` go on, and writes down when policy refuses it: an attempt that was not allowed is worth a row as much
 * as one that was (issue 2, policy). The row stands on its own, because the work's transaction is rolled back.
 */
export async function auditRefusal<T>(
  runner: Runner,
  command: Pick<Command, 'name'>,
  input: unknown,
  cause: Cause,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError && error.code === 'refused') {
      await recordAudit(runner.database.knex, cause, {
        command: command.name,
        outcome: 'refused',
        customerId: null,
        input,
        before: null,
        after: null,
      });
    }
    throw error;
  }
}
