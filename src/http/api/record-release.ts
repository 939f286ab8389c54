import { z } from 'zod';
import { MINUTE_MS } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { reportRelease } from '#src/releases/report.ts';
import { defineChange } from './define-route.ts';
import { callerIdField, timeField } from './fields.ts';

const aVersion = 'must be 1 to 100 letters, digits or any of . _ + / -';
const anAddress = 'must be an http or https address without a user';
/** Clocks differ a little; what is further ahead would stand as the newest release for ever. */
const AHEAD_MAX_MS = 5 * MINUTE_MS;

/** What CI tells after each deployment: alerts name it, and a rollback is confirmed by it. */
export const postRelease = defineChange({
  method: 'POST',
  scope: 'releases',
  path: '/api/releases',
  status: 201,
  summary: 'Report what was deployed',
  description:
    'Known by `releaseId`, such as the id of the CI run: sent again, the first answer is repeated. A rollback that Lucy asked for counts as done when its version is reported.',
  once: ({ releaseId }) => ({ scope: 'release', key: releaseId }),
  reason: 'A release was deployed',
  input: z.strictObject({
    releaseId: callerIdField,
    version: z
      .string(aVersion)
      .regex(/^[\w.+/-]{1,100}$/, aVersion)
      .meta({ description: 'As people call it: a tag, or a commit.' }),
    deployedAt: timeField.optional().meta({ description: 'When it was live; now when left out.' }),
    url: z
      .url({ protocol: /^https?$/, error: anAddress })
      .max(500, anAddress)
      .refine((url) => !/^https?:\/\/[^/]*@/.test(url), anAddress)
      .optional(),
  }),
  answer: z.strictObject({ releaseId: z.string(), version: z.string(), correlationId: z.string() }),

  async change({ input }, { sql, cause, now }) {
    const deployedAt = input.deployedAt === undefined ? now : Date.parse(input.deployedAt);
    if (deployedAt > now + AHEAD_MAX_MS)
      throw new UserError(
        'invalid',
        '“deployedAt” is in the future.',
        'Send when it was deployed, or leave it out.',
      );
    await reportRelease(sql, cause, {
      releaseId: input.releaseId,
      version: input.version,
      url: input.url ?? null,
      deployedAt,
    });
    const { releaseId, version } = input;
    return {
      answer: { releaseId, version, correlationId: cause.correlationId },
      logs: [{ event: 'release', action: 'release_reported', version }],
    };
  },
});
