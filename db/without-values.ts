/** What Postgres quotes rows and parameters in (postgresql.org/docs/current/protocol-error-fields.html). */
const quoting = ['detail', 'where', 'internalQuery'];

/**
 * The same error of Postgres without what a customer's row or a typed value says: errors end in logs, in terminals and
 * in Slack. Its code, table, column and constraint stay.
 */
export function withoutValues(error: unknown): unknown {
  if (!(error instanceof Error) || !('severity' in error)) return error;
  for (const name of quoting) Reflect.deleteProperty(error, name);
  // Class 22, data exceptions, quotes the value in the message itself: invalid input syntax for type bigint: "…".
  if ('code' in error && String(error.code).startsWith('22')) {
    const { message } = error;
    error.message = message.replace(/:? ".*"/s, '');
    if (error.stack) error.stack = error.stack.replace(message, () => error.message);
  }
  return error;
}
