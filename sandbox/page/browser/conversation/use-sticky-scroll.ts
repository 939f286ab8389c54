import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Where each conversation was left, in pixels from its end; absent means at the end. */
const leftAt = new Map<string, number>();

/** Close enough to the end to be called there. */
const nearPx = 48;

/**
 * Keeps a conversation at its end while new messages come, unless the reader went up; then its place is kept,
 * also across a visit to another channel. `hasNew` asks for a button that leads down.
 */
export function useStickyScroll(key: string, lastTs: string) {
  const element = useRef<HTMLDivElement>(null);
  const lastSeen = useRef({ key, lastTs });
  const [hasNew, setHasNew] = useState(false);

  const toEnd = () => {
    leftAt.delete(key);
    setHasNew(false);
    element.current?.scrollTo({ top: element.current.scrollHeight });
  };
  const onScroll = () => {
    const box = element.current;
    if (box === null) return;
    const fromEnd = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (fromEnd > nearPx) leftAt.set(key, fromEnd);
    else leftAt.delete(key);
    if (fromEnd <= nearPx) setHasNew(false);
  };

  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return;
    const isOtherPlace = lastSeen.current.key !== key;
    const isNewMessage = lastSeen.current.lastTs !== lastTs;
    lastSeen.current = { key, lastTs };
    const left = leftAt.get(key);
    if (left === undefined) box.scrollTop = box.scrollHeight;
    else if (isOtherPlace) box.scrollTop = box.scrollHeight - box.clientHeight - left;
    else if (isNewMessage) setHasNew(true);
  });

  useEffect(() => {
    const box = element.current;
    if (box === null) return;
    // A growing composer or window makes the conversation shorter; its end stays in sight.
    const watcher = new ResizeObserver(() => {
      if (!leftAt.has(key)) box.scrollTop = box.scrollHeight;
    });
    watcher.observe(box);
    return () => watcher.disconnect();
  }, [key]);

  return { element, hasNew, toEnd, onScroll };
}
