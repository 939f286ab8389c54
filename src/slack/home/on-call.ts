import { calledWords } from '#src/oncall/rota.ts';
import { holdersOf } from '#src/policy/directory.ts';
import type { Runner } from '#src/runner/runner.ts';
import type { RichText } from '../block-kit.ts';
import { own, words } from '../render/rich-text.ts';

const NAMED_MAX = 8;

/** Whoever is called first; without a rota everybody who holds the role, by name. */
export async function onCallWords({ database, settings, clock }: Runner): Promise<RichText[]> {
  const { people } =
    settings.oncall.rota.length > 0
      ? { people: [] }
      : await holdersOf(database.knex, settings, 'oncall', clock.now());
  if (people.length === 0)
    return [own('On call now: '), words(calledWords(settings, 0), 200, { bold: true })];
  const more = people.length - NAMED_MAX;
  return [
    own('On call now: '),
    ...people.slice(0, NAMED_MAX).flatMap(({ name, slackId }, index): RichText[] => [
      ...(index === 0 ? [] : [own(', ')]),
      // Whom the settings do not name has only an id, which Slack shows as a name.
      slackId !== null && name === slackId
        ? { type: 'user', user_id: slackId }
        : words(name, 60, { bold: true }),
    ]),
    ...(more > 0 ? [own(` and ${more} more`)] : []),
  ];
}
