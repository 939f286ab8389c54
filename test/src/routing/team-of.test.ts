import { expect, test } from 'vitest';
import { checkSettings } from '#src/config-file.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { teamKeys } from '#src/core/settings-routing.ts';
import { detectors } from '#src/detectors/detectors.ts';
import { checks } from '#src/diagnosis/checks.ts';
import { teamOf } from '#src/routing/team-of.ts';
import { troubles } from '#src/routing/troubles.ts';

test('without settings every team of the runbook is told in the on-call channel, and nobody is mentioned', () => {
  const settings = settingsSchema.parse({});

  expect(teamKeys.map((key) => teamOf(settings, key))).toEqual(
    ['Billing engineering', 'Backend engineering', 'Data platform', 'DevOps', 'Stripe support'].map(
      (name, index) => ({ key: teamKeys[index], name, target: 'oncall', mentions: {} }),
    ),
  );
});

test('a team’s own channel and group hold; a channel that Lucy posts to anyway keeps its one line of messages', () => {
  const settings = settingsSchema.parse({
    channels: { billing: '#money' },
    teams: {
      devops: { name: 'Platform', channel: '#platform', group: 'S0PLATFORM' },
      data_platform: { channel: '#money' },
    },
  });

  expect(teamOf(settings, 'devops')).toEqual({
    key: 'devops',
    name: 'Platform',
    target: '#platform',
    mentions: { groups: ['S0PLATFORM'] },
  });
  expect(teamOf(settings, 'data_platform').target).toBe('billing');
});

test.each([
  ['teams: { devop: {} }', 'teams: Unrecognized key: "devop"'],
  ['teams: { devops: { group: devops } }', 'teams.devops.group: a Slack user group id such as S012AB3CD'],
  [
    'teams: { devops: { channel: devops } }',
    'teams.devops.channel: a channel such as #lucy-billing or its id',
  ],
])('%s is a problem that names its path', (text, problem) => {
  expect(checkSettings(text, 'lucy.config.yml').problems.join('\n')).toContain(problem);
});

test('every trouble of the runbook has its check, and what is detected goes to a team', () => {
  expect(checks.map(({ id }) => id).sort()).toEqual(Object.keys(troubles).sort());
  for (const { kind } of detectors) expect(troubles[kind].team, kind).not.toBeNull();
  const detected: string[] = detectors.map(({ kind }) => kind);
  expect(
    Object.entries(troubles)
      .filter(([id, { team }]) => team !== null && !detected.includes(id))
      .map(([id]) => id),
  ).toEqual([]);
});
