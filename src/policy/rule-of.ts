import type { Settings } from '#src/core/settings.ts';
import type { PolicyRule } from '#src/core/settings-policy.ts';
import { defaultPolicy } from './default-policy.ts';

/** The rule of a command: what `policy:` says of it replaces the whole default; undefined when neither names it. */
export function ruleOf(settings: Settings, commandName: string): PolicyRule | undefined {
  if (Object.hasOwn(settings.policy, commandName)) return settings.policy[commandName];
  return Object.hasOwn(defaultPolicy, commandName) ? defaultPolicy[commandName] : undefined;
}
