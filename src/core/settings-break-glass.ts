import { z } from 'zod';
import { roles } from './actor.ts';
import { channelKeys } from './settings-words.ts';

/** Who may go without a second person for a while (DESIGN section 4): the section `break_glass:` of the settings. */
export const breakGlassSettings = z
  .strictObject({
    /** Exactly these, so that an empty list forbids it to everybody. */
    roles: z.array(z.enum(roles)).default(['oncall', 'admin']),
    /** How long it lasts when nobody says how long. */
    minutes: z.int().min(1).max(60).default(30),
    /** Where it is announced, besides the on-call channel and the owners' direct messages. */
    tell: z.enum(channelKeys).default('approvals'),
  })
  .prefault({});
