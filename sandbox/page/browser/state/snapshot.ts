import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ClientSnapshot } from '../../../slack/client-contract.ts';
import { listenForChanges } from './changes.ts';

export type SnapshotState = {
  snapshot: ClientSnapshot | null;
  /** A sentence while the local Slack cannot be reached; the page keeps trying. */
  problem: string | null;
  refresh: () => void;
};

const retryAfterMs = 1500;

/** What this person sees, kept up to date. While a new person's view loads, nothing of the old one is shown. */
export function useSnapshot(as: string): SnapshotState {
  const [snapshot, setSnapshot] = useState<ClientSnapshot | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const fetching = useRef<{ again: boolean } | null>(null);
  const retry = useRef<number | undefined>(undefined);
  const wanted = useRef(as);
  wanted.current = as;

  const refresh = useCallback(async () => {
    if (fetching.current !== null) {
      fetching.current.again = true;
      return;
    }
    clearTimeout(retry.current);
    const run = { again: false };
    fetching.current = run;
    const asked = wanted.current;
    let hasFailed = false;
    try {
      const fresh = await fetchSnapshot(asked);
      setProblem(null);
      if (asked === wanted.current) setSnapshot(fresh);
    } catch {
      hasFailed = true;
      setProblem('The sandbox does not answer. Trying again…');
      retry.current = setTimeout(() => void refresh(), retryAfterMs);
    }
    fetching.current = null;
    // After a failure the timer asks again; asking at once would never rest.
    if (asked !== wanted.current || (run.again && !hasFailed)) void refresh();
  }, []);

  useEffect(() => void refresh(), [as]);
  useEffect(() => listenForChanges('/client/changes', () => void refresh()), []);
  return { snapshot: snapshot?.as.id === as ? snapshot : null, problem, refresh: () => void refresh() };
}

async function fetchSnapshot(as: string): Promise<ClientSnapshot> {
  const response = await fetch(`/client/snapshot?as=${encodeURIComponent(as)}`);
  if (!response.ok) throw new Error(`snapshot: ${response.status}`);
  return response.json();
}
