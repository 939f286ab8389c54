import { mentionsOfRole } from '#src/approvals/mentions.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';

export type OnCall = { name: string; slackId: string | null; phone: string | null };

/** Whoever is called at this level; null when the rota has nobody there. */
export function onCallAt(settings: Settings, level: number): OnCall | null {
  const entry = settings.oncall.rota[level];
  const person = entry && settings.people[entry.person];
  if (!person) return null;
  return { name: person.name, slackId: person.slack[0] ?? null, phone: entry.phone ?? null };
}

/** Without a rota the whole role is told. */
export function rotaMentions(settings: Settings, level: number): NonNullable<Reply['mentions']> {
  const person = onCallAt(settings, level);
  if (person) return person.slackId === null ? {} : { users: [person.slackId] };
  return mentionsOfRole(settings, 'oncall');
}

/** `Olu`, or how to reach whoever Slack cannot. */
export function calledWords(settings: Settings, level: number): string {
  const person = onCallAt(settings, level);
  if (!person) {
    return settings.oncall.rota.length === 0 ? 'everybody who is on call' : phoneWords(settings);
  }
  if (person.slackId !== null) return person.name;
  return `${person.name}, whom Slack does not know: ${person.phone ?? 'no phone number is set'}`;
}

/** For when nobody answered: `Olu +49 …, Ada +49 …`. */
export function phoneWords(settings: Settings): string {
  const phones = settings.oncall.rota.flatMap((_entry, level) => {
    const person = onCallAt(settings, level);
    return person?.phone ? [`${person.name} ${person.phone}`] : [];
  });
  return phones.length > 0
    ? `nobody answered; by phone: ${listed(phones)}`
    : 'nobody answered, and no phone number is set under oncall.rota';
}
