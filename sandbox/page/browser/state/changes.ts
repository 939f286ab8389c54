/**
 * Calls `onChange` whenever the server says that something changed, and once after every reconnection.
 * A browser allows six connections to one host, and each event stream holds one for good: with Sam in one tab
 * and Bea in another, the seventh request would wait for ever. So one tab holds the stream and tells the others.
 */
export function listenForChanges(path: string, onChange: () => void): () => void {
  const channel = new BroadcastChannel(`lucy-sandbox:${path}`);
  const stopped = new AbortController();
  channel.onmessage = () => onChange();
  const announce = () => {
    onChange();
    channel.postMessage('changed');
  };
  navigator.locks
    .request(`lucy-sandbox:${path}`, { signal: stopped.signal }, () =>
      holdStream(path, announce, stopped.signal),
    )
    .catch(() => {
      // Only the abort below ends the wait for the lock.
    });
  return () => {
    stopped.abort();
    channel.close();
  };
}

/** EventSource reconnects by itself, except after an answer that is no stream; then it is opened anew. */
function holdStream(path: string, announce: () => void, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let source = open();
  const timer = setInterval(() => {
    if (source.readyState === EventSource.CLOSED) source = open();
  }, 1500);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    source.close();
    resolve();
  });
  return promise;

  function open(): EventSource {
    const stream = new EventSource(path);
    stream.onmessage = announce;
    stream.onopen = announce;
    // The page then asks for itself, finds that nobody answers, and says so.
    stream.onerror = announce;
    return stream;
  }
}
