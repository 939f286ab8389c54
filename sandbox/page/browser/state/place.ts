/** Where the page is: kept in the address, so that Back works and a second window can be another person. */
export type Place = {
  handle: string;
  /** A channel's name, `dm-<handle>`, or Lucy's `app-home` and `app-messages`. */
  spot: string;
  /** The ts of the message whose thread is open. */
  thread: string | null;
};

/** Reads `#/sam/support` or `#/sam/support/1763719300.000100`. */
export function readPlace(hash: string, fallback: Place): Place {
  const [handle, spot, thread] = hash.replace(/^#\/?/, '').split('/').map(decodePart);
  return { handle: handle || fallback.handle, spot: spot || fallback.spot, thread: thread || null };
}

/** The address of a place. */
export function writePlace(place: Place): string {
  const parts = [place.handle, place.spot, ...(place.thread === null ? [] : [place.thread])];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
