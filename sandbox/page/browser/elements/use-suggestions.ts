import { useEffect, useState } from 'preact/hooks';
import type { Json } from '../read-json.ts';
import { optionGroups } from './options.ts';

/** Long enough that a fast typist asks once, short enough to feel immediate. */
const pauseMs = 180;
/** Slack's own default. */
const defaultMinimum = 3;

/** Asks Lucy for options after a pause in typing; an answer that comes too late is dropped. */
export function useSuggestions(
  element: Json,
  query: string | null,
  ask: (query: string) => Promise<Json>,
): { options: Json[]; hint: string } {
  const [options, setOptions] = useState<Json[]>([]);
  const [answered, setAnswered] = useState<string | null>(null);
  const minimum = Number(element.min_query_length ?? defaultMinimum);
  const isTooShort = (query?.length ?? 0) < minimum;

  useEffect(() => {
    setOptions([]);
    setAnswered(null);
    if (query === null || isTooShort) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const answer = await ask(query);
      if (!isCurrent) return;
      setOptions(optionGroups(answer).flatMap((group) => group.options));
      setAnswered(query);
    }, pauseMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query]);

  if (isTooShort)
    return { options, hint: minimum === 1 ? 'Type to search.' : `Type at least ${minimum} letters.` };
  return { options, hint: answered === query ? 'Nothing found.' : 'Searching…' };
}
