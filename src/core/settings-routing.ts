import { z } from 'zod';
import { channelName, groupId } from './settings-words.ts';

/** The teams that the support runbook escalates to (quick reference, sections 4 and 5). */
export const teamKeys = [
  'billing_engineering',
  'backend_engineering',
  'data_platform',
  'devops',
  'stripe_support',
] as const;

export type TeamKey = (typeof teamKeys)[number];

const defaultNames: Readonly<Record<TeamKey, string>> = {
  billing_engineering: 'Billing engineering',
  backend_engineering: 'Backend engineering',
  data_platform: 'Data platform',
  devops: 'DevOps',
  stripe_support: 'Stripe support',
};

function team(key: TeamKey) {
  return z
    .strictObject({
      name: z.string().min(1).max(80).default(defaultNames[key]),
      /** Where the team is told; left out: the on-call channel. */
      channel: channelName.optional(),
      /** The Slack user group that is mentioned; left out: nobody is. */
      group: groupId.optional(),
    })
    .prefault({});
}

/** Where each team of the runbook is found: the section `teams:` of the settings. */
export const teamSettings = z
  .strictObject({
    billing_engineering: team('billing_engineering'),
    backend_engineering: team('backend_engineering'),
    data_platform: team('data_platform'),
    devops: team('devops'),
    stripe_support: team('stripe_support'),
  })
  .prefault({});
