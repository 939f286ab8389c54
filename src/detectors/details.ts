import { z } from 'zod';
import type { Details } from './detector.ts';

const shape = z.object({
  email: z.string().nullable(),
  lines: z.array(z.string()),
  ids: z.array(z.string()),
  remedy: z.object({ label: z.string(), line: z.string() }).nullable(),
});

/** Reads back what a detector kept with its finding. */
export function readDetails(evidence: string): Details {
  return shape.parse(JSON.parse(evidence));
}
