import { z } from 'zod';

/** `incidents:`: the playbook's 30 minutes, and how punctual customers are told. */
export const incidentSettings = z
  .strictObject({
    update_every_minutes: z
      .int()
      .min(10)
      .max(24 * 60)
      .default(30),
    /** A channel in Slack for each incident, in which it is worked on. */
    rooms: z.boolean().default(true),
    /** It goes into Slack’s archive so long after the incident was resolved. */
    archive_rooms_after_days: z.int().min(0).max(365).default(7),
  })
  .prefault({});

const componentId = z.string().regex(/^[a-z0-9-]{1,32}$/, 'a short word such as app');

/** `status_page:`: what customers see at `/status`. */
export const statusPageSettings = z
  .strictObject({
    title: z.string().min(1).max(80).default('Status'),
    /** What customers know your product by, in the order of the page. */
    components: z
      .array(z.strictObject({ id: componentId, name: z.string().min(1).max(60) }))
      .min(1)
      .max(30)
      .default([{ id: 'service', name: 'The service' }]),
    /** A folder that gets the page as files with every change, so that it can be served from elsewhere. */
    export_folder: z.string().min(1).optional(),
  })
  .refine(
    ({ components }) => new Set(components.map(({ id }) => id)).size === components.length,
    'two components have the same id',
  )
  .prefault({});
