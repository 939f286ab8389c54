import { z } from 'zod';
import type { Settings } from './settings.ts';
import type { Problem } from './settings-cross-checks.ts';
import { webAddress } from './settings-words.ts';

/** `oncall:`: who is called when Lucy finds an outage, one after the other until somebody says that they have it. */
export const oncallSettings = z
  .strictObject({
    /** Keys under `people:`, first to be called first. Without any, the user groups and members of the role are told. */
    rota: z
      .array(z.strictObject({ person: z.string().min(1), phone: z.string().min(3).max(40).optional() }))
      .default([]),
    /** Nobody acknowledged: the same person is reminded, and then the next one is called. */
    remind_after_minutes: z.int().min(1).max(240).default(5),
    escalate_after_minutes: z.int().min(1).max(240).default(10),
  })
  .prefault({});

/** `health:`: what Lucy looks at by herself, and when it is bad enough to tell. */
export const healthSettings = z
  .strictObject({
    /** The product's own health page: anything but 2xx within five seconds is a failure. */
    product_url: webAddress.optional(),
    /** A status page of the hosting provider, made with Statuspage: Lucy reads its `/api/v2/summary.json`. */
    host_status_page: webAddress.optional(),
    every_seconds: z.int().min(5).max(3_600).default(30),
    /** So many failures in a row are an alert, and so many successes end it: one lost packet is neither. */
    fail_after: z.int().min(1).max(100).default(3),
    recover_after: z.int().min(1).max(100).default(2),
    /** An event or a message that waits longer is a queue that stands still. */
    backlog_minutes: z.int().min(1).max(1_440).default(10),
    disk_free_percent: z.number().min(0).max(90).default(10),
    /** Of the deliveries of the last hour, when there were at least ten. */
    webhook_failure_percent: z.number().min(1).max(100).default(20),
  })
  .prefault({});

/** A misspelt name in the rota would be called by nobody. */
export function rotaProblems({ oncall, people }: Settings): Problem[] {
  return oncall.rota.flatMap(({ person }, index): Problem[] =>
    Object.hasOwn(people, person)
      ? []
      : [[`oncall.rota[${index}].person`, `“${person}” is no key under people`]],
  );
}
