import { z } from 'zod';
import { procedureNames } from './procedures.ts';

/** Which runbook; checked by `requireProcedure`, so that a slip of the finger gets the nearest one. */
export const runbookNameField = z
  .string({ error: 'Name a runbook; “runbook list” shows them.' })
  .trim()
  .min(1, 'Name a runbook; “runbook list” shows them.')
  .max(64, 'Keep it under 64 characters.')
  .meta({ label: 'Runbook', control: 'select', options: procedureNames } as Record<string, unknown>);
