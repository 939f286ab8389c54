import type { IncidentEntryRow } from '#db/incident-entries.ts';

const saidBySomebody = /^(?<author>[^:“]+?)(?: in #[^\s:]+)?: (?=“)/u;

/** What an entry says beside the name of who wrote it: whoever noted their own message is not named twice. */
export function noteWords({ actor_name, text }: Pick<IncidentEntryRow, 'actor_name' | 'text'>): string {
  return saidBySomebody.exec(text)?.groups?.author === actor_name ? text.replace(saidBySomebody, '') : text;
}
