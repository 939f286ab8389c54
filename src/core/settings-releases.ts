import { z } from 'zod';
import { webAddress } from './settings-words.ts';

/** `releases:`: what CI reports, and how Lucy asks for a rollback. */
export const releaseSettings = z
  .strictObject({
    /** Where a rollback is asked for; without it `release rollback` only says which version to deploy. */
    deploy_hook: webAddress.optional(),
    /** A release that ran so long without an incident is one to go back to. */
    stable_after_minutes: z
      .int()
      .min(1)
      .max(7 * 24 * 60)
      .default(30),
    /** A release so long before an outage is named in its alert. */
    suspect_within_minutes: z
      .int()
      .min(1)
      .max(24 * 60)
      .default(120),
    /** Nothing reported the rolled-back version by then: on-call is told. */
    confirm_within_minutes: z
      .int()
      .min(1)
      .max(24 * 60)
      .default(15),
  })
  .prefault({});
