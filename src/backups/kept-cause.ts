import type { Cause } from '#src/core/cause.ts';

/** Who asked, who approved and why, as a backup’s or a restore’s row keeps it. */
export function keepCause({ actor, reason, ticket, approval, breakGlass }: Cause): string {
  return JSON.stringify({ actor, reason, ticket, approval, breakGlass });
}

export function causeOf(
  row: { cause: string; correlation_id: string; run_id: string | null },
  now: number,
): Cause {
  const kept = JSON.parse(row.cause) as Pick<Cause, 'actor' | 'reason' | 'ticket'>;
  return { ...kept, surface: 'job', correlationId: row.correlation_id, runId: row.run_id, now };
}
