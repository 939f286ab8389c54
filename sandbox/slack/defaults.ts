import type { SlashCommand } from './world/world.ts';

/** What Lucy's manifest declares, for those who do not say otherwise. */
export const defaultCommands: readonly SlashCommand[] = [
  { command: '/lucy', description: 'Ask Lucy', usageHint: 'help | <noun> <verb> …' },
];

export const defaultSubscriptions: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'message.im',
  'subteam_members_changed',
];
