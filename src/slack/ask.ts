import { newCorrelationId } from '#src/core/correlation.ts';
import type { Caller } from './identity/members.ts';
import type { Asked, Origin, SlackParts } from './parts.ts';

/** Who asks, under a new correlation id. Throws a UserError when Slack cannot say who it is. */
export async function askedBy(
  parts: SlackParts,
  caller: Caller,
  delivery: { key: string; origin: Origin; correlationId?: string },
  options?: { isFresh?: boolean },
): Promise<Asked> {
  const correlationId = delivery.correlationId ?? newCorrelationId(parts.runner.clock.now());
  const actor = await parts.members.actorOf(caller, options);
  return { userId: caller.userId, actor, correlationId, key: delivery.key, origin: delivery.origin };
}
