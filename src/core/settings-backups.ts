import { z } from 'zod';

/** `backups:`: when copies of the whole database are made, where they lie, and how long they are kept. */
export const backupSettings = z
  .strictObject({
    /** Left out: `backups` beside the SQLite file; with Postgres `data/backups` under the working directory. */
    folder: z.string().min(1).optional(),
    /** 0: only the nightly one, and what people ask for. */
    every_hours: z
      .int()
      .min(0)
      .max(7 * 24)
      .default(6),
    /** UTC; `never` for none. */
    nightly_at: z
      .string()
      .regex(/^(([01]\d|2[0-3]):[0-5]\d|never)$/, 'a time such as 01:15, or never')
      .default('01:15'),
    keep_all_days: z.int().min(1).max(365).default(2),
    keep_daily_days: z.int().min(1).max(3_650).default(30),
    keep_verified: z.int().min(1).max(100).default(3),
    /** No verified backup newer than this is an alert. */
    alert_after_hours: z
      .int()
      .min(1)
      .max(30 * 24)
      .default(26),
    /** SQLite only: what pg_dump writes is compressed anyway. */
    compress: z.boolean().default(false),
    /** Restores the newest one beside the living database on this day of the month; 0 for never. */
    drill_day: z.int().min(0).max(28).default(0),
    /** Where pg_dump and pg_restore are, when they are not in the PATH. */
    postgres_tools: z.string().min(1).optional(),
  })
  .prefault({});
