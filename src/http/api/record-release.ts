import { z } from 'zod';
import { reportRelease } from '#src/releases/report.ts';
import { defineChange } from './define-route.ts';
import { callerIdField, lineField, timeField } from './fields.ts';

/** What CI tells after each deployment: alerts name it, and a rollback is confirmed by it. */
export const postRelease = defineChange({
  method: 'POST',
  path: '/api/releases',
  status: 201,
  summary: 'Report what was deployed',
  description:
    'Known by `releaseId`, such as the id of the CI run: sent again, the first answer is repeated. A rollback that Lucy asked for counts as done when its version is reported.',
  once: ({ releaseId }) => ({ scope: 'release', key: releaseId }),
  reason: 'A release was deployed',
  input: z.strictObject({
    releaseId: callerIdField,
    version: lineField(100).meta({ description: 'As people call it: a tag, or a commit.' }),
    deployedAt: timeField.optional().meta({ description: 'When it was live; now when left out.' }),
    url: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .optional(),
  }),
  answer: z.strictObject({ releaseId: z.string(), version: z.string(), correlationId: z.string() }),

  async change({ input }, { sql, cause, now }) {
    await reportRelease(sql, cause, {
      releaseId: input.releaseId,
      version: input.version,
      url: input.url ?? null,
      deployedAt: input.deployedAt === undefined ? now : Date.parse(input.deployedAt),
    });
    const { releaseId, version } = input;
    return {
      answer: { releaseId, version, correlationId: cause.correlationId },
      logs: [{ event: 'release', action: 'release_reported', version }],
    };
  },
});
