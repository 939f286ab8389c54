import type { Actor } from '#src/core/actor.ts';
import { MINUTE_MS, parseDuration } from '#src/core/clock.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';

/** Whatever the settings say; the database holds it, too. */
const MINUTES_MAX = 60;

/**
 * Only the roles of the settings may, and only people whom Lucy knows by name: what is done without a second person
 * has to be somebody's.
 *
 * @throws UserError
 */
export function requireBreaker(settings: Settings, actor: Actor): void {
  const { roles } = settings.break_glass;
  if (!actor.roles.some((role) => roles.includes(role))) {
    throw new UserError(
      'refused',
      roles.length === 0
        ? 'The settings let nobody break the glass.'
        : `Breaking the glass needs the role ${listed(roles).replace(' and ', ' or ')}, and ${actor.roles.length > 0 ? `you have ${listed(actor.roles)}` : 'you have no role yet'}.`,
      'Ask for the approval that you need, or somebody on call to do it.',
    );
  }
  if (actor.person.startsWith('terminal:')) {
    throw new UserError(
      'refused',
      'Lucy knows this login by no name, and what is done under a break-glass has to be somebody’s.',
      'Ask an admin to map it to a person under people: in lucy.config.yml, or break the glass in Slack.',
    );
  }
}

/** Milliseconds of what was typed, or what the settings say when nothing was. */
export function glassSpan(settings: Settings, typed: string | undefined): number {
  if (typed === undefined) return settings.break_glass.minutes * MINUTE_MS;
  const hint = `Give minutes, such as ${settings.break_glass.minutes}m; at most ${MINUTES_MAX}m.`;
  const span = parseDuration(typed);
  if (span === null) throw fieldError('for', `“${typed}” is no span of time.`, hint);
  if (span < MINUTE_MS) throw fieldError('for', 'A break-glass lasts one minute at least.', hint);
  if (span > MINUTES_MAX * MINUTE_MS)
    throw fieldError('for', `A break-glass lasts ${MINUTES_MAX} minutes at most.`, hint);
  return span;
}
