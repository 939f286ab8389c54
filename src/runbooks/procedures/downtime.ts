import type { Procedure } from '../procedure.ts';

export const downtime: Procedure = {
  name: 'downtime',
  title: 'Downtime response',
  source: 'Operations playbook',
  when: 'The product is down, or so slow that it might as well be.',
  steps: [
    {
      key: 'confirm',
      says: 'Confirm it: our own health and the host provider’s status page.',
      lines: ['status', 'incident declare TEXT'],
      ticksBy: { commands: ['incident declare'] },
    },
    {
      key: 'rollback',
      says: 'Did a deployment cause it? Roll back to the last stable release.',
      lines: ['release list', 'release rollback'],
      ticksBy: { commands: ['release rollback'] },
    },
    {
      key: 'restore',
      says: 'Are data damaged? Restore the database from the latest verified backup.',
      lines: ['backup list', 'backup restore'],
      ticksBy: { commands: ['backup restore'] },
    },
    {
      key: 'tell',
      says: 'Publish an update for customers every 30 minutes; Lucy offers the draft and reminds.',
      lines: ['incident update'],
      ticksBy: { commands: ['incident update'] },
    },
    {
      key: 'postmortem',
      says: 'File the postmortem within 24 hours of the end.',
      lines: ['incident resolve', 'incident postmortem', 'postmortem file'],
      ticksBy: { commands: ['postmortem file'] },
    },
  ],
};
