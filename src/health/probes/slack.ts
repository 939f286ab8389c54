import type { Probe } from '../probe.ts';

/** Told late by nature: the alert itself waits for Slack. `status` at the terminal shows it at once. */
export const slackPosts: Probe = {
  id: 'slack',
  title: 'Slack',
  effect: 'Messages wait; commands work at the terminal.',
  firstStep: 'Look at slack-status.com, and whether Lucy is invited to the channels.',
  look: async ({ parts }) => parts.slack(),
};
