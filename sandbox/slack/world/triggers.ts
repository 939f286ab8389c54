import type { Trigger, World } from './world.ts';

/** A trigger lives 3 seconds and works once (slack-facts section 5). */
const triggerLifeMs = 3000;

/** `viewId`: the modal from which it came, for views.push. */
export function makeTrigger(world: World, user: string, viewId: string | null): string {
  const number = world.sequence.id('');
  const id = `${Number(number)}.${world.sequence.seconds()}.${world.sequence.tail('trigger')}`;
  world.triggers.set(id, { user, madeAt: world.now(), isUsed: false, viewId });
  return id;
}

export type TriggerRefusal = 'invalid_trigger_id' | 'exchanged_trigger_id' | 'expired_trigger_id';

export function useTrigger(world: World, id: string): Trigger | TriggerRefusal {
  const trigger = world.triggers.get(id);
  if (!trigger) return 'invalid_trigger_id';
  if (trigger.isUsed) return 'exchanged_trigger_id';
  if (world.now() - trigger.madeAt > triggerLifeMs) return 'expired_trigger_id';
  trigger.isUsed = true;
  return trigger;
}
