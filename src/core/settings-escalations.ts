import { z } from 'zod';
import { span } from './settings-words.ts';

/** When a team is reminded of what was handed over to it (`escalate`): the section `escalations:` of the settings. */
export const escalationSettings = z
  .strictObject({
    /** Nobody took it until then: the team is mentioned once more, and never again. */
    remind_after: span.default('4h'),
  })
  .prefault({});
