import { z } from 'zod';
import { isoTime, spanWords } from '#src/core/clock.ts';
import { lastStable, type Release, readReleases } from '#src/releases/stable.ts';
import type { Value } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const SHOWN_MAX = 20;

export const releaseList = defineLookup({
  name: 'release list',
  summary: 'List what was deployed, and what one could go back to',
  examples: ['release list'],
  allowed: ['oncall'],
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, settings, cause: { now } }) {
    const releases = await readReleases(sql, settings, now);
    const [present] = releases;
    const stable = lastStable(releases);
    return {
      tone: 'info',
      title: present
        ? `${present.version} runs since ${spanWords(now - present.deployed_at)}.`
        : 'No release was reported yet.',
      facts: [{ label: 'Last stable before', value: stable?.version ?? 'none known' }],
      sections: [
        {
          heading: 'Releases',
          table: {
            columns: ['Version', 'Deployed', 'Ran for', 'To go back to'],
            rows: releases.slice(0, SHOWN_MAX).map((release) => rowOf(release, now)),
          },
          empty: 'CI reports each deployment with POST /api/releases.',
        },
      ],
      buttons: stable
        ? [
            {
              kind: 'command',
              label: `Roll back to ${stable.version}`,
              line: `release rollback ${stable.version}`,
            },
          ]
        : [],
      json: releases.map(({ version, deployed_at, url, doubt }) => ({
        version,
        deployedAt: isoTime(deployed_at),
        url,
        isStable: doubt === null,
        doubt,
      })),
    };
  },
});

function rowOf({ version, deployed_at, endedAt, doubt }: Release, now: number): Value[] {
  const ran = spanWords((endedAt ?? now) - deployed_at);
  return [version, { at: deployed_at }, endedAt === null ? `${ran}, and runs` : ran, doubt ?? 'stable'];
}
