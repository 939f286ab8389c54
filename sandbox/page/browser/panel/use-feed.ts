import { useCallback, useEffect, useState } from 'preact/hooks';
import { listenForChanges } from '../state/changes.ts';

export type Feed = {
  /** What was read last; null before the first answer. */
  data: unknown;
  /** The status of a refusal, 0 when nothing answered at all, else null. */
  failure: number | null;
  refresh: () => void;
};

/** JSON from the server, read again whenever something crosses a wire. */
export function useFeed(path: string): Feed {
  const [data, setData] = useState<unknown>(null);
  const [failure, setFailure] = useState<number | null>(null);
  const refresh = useCallback(async () => {
    const response = await fetch(path).catch(() => null);
    setFailure(response?.ok ? null : (response?.status ?? 0));
    if (response?.ok) setData(await response.json().catch(() => null));
  }, [path]);
  useEffect(() => void refresh(), [path]);
  useEffect(() => listenForChanges('/wire/changes', () => void refresh()), [path]);
  return { data, failure, refresh: () => void refresh() };
}
