/** Slack waits three seconds for an acknowledgement, the way there and back included. */
export const ACK_WITHIN_MS = 2_000;

/** What the work gives when it is done in time, else null. The work goes on either way. */
export async function inTime<T>(work: Promise<T>, withinMs = ACK_WITHIN_MS): Promise<{ value: T } | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), withinMs);
  });
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}
