import type { Shortcut, SlashCommand } from './world/world.ts';

/** What Lucy's manifest declares, for those who do not say otherwise. */
export const defaultCommands: readonly SlashCommand[] = [
  { command: '/lucy', description: 'Ask Lucy', usageHint: 'help | <noun> <verb> …' },
];

export const defaultShortcuts: readonly Shortcut[] = [
  { callbackId: 'lucy.timeline', name: 'Add to incident timeline' },
  { callbackId: 'lucy.ask', name: 'Ask Lucy about this' },
];

export const defaultSubscriptions: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'message.im',
  'pin_added',
  'subteam_members_changed',
];
