import type { Database } from '#db/connection.ts';
import { keepPlaces, type Place } from '#db/reconcile-place.ts';
import { shareCalls } from '#src/core/share-calls.ts';

/** Keeps how far a piece is read, durably; false when somebody else has it now. */
export type PlaceKeeper = (place: Place) => Promise<boolean>;

const AT_ONCE = 64;
/** Who reads as fast as it can waits a tenth of what a page takes at Stripe. */
const GATHER_MIN_MS = 10;
const GATHER_MAX_MS = 200;

type Gathering = { count: number; isOver: Promise<void>; end(): void };

/**
 * Those whose pages come close to each other share a commit, which costs more than all else that is done for a page. Who
 * would wait for a turn of the pace anyway waits here for half of that time, so that no turn is lost by it; as soon as
 * half of all readers wait here, it begins.
 *
 * @param leadMs how long who asks for a turn now would wait for it
 * @param readers how many read side by side
 */
export function createPlaceKeeper(
  database: Database,
  around: { leadMs(): number; pause(ms: number): Promise<void>; readers: number },
): PlaceKeeper {
  const keep = shareCalls<Place, boolean>(AT_ONCE, async (places) =>
    (await keepPlaces(database, places)).map((answer) => ({ answer })),
  );
  const enough = Math.ceil(around.readers / 2);
  let gathering: Gathering | null = null;

  function begin(): Gathering {
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun = {
      count: 0,
      isOver: promise,
      end() {
        if (gathering === begun) gathering = null;
        resolve();
      },
    };
    const waitMs = Math.min(GATHER_MAX_MS, Math.max(GATHER_MIN_MS, Math.floor(around.leadMs() / 2)));
    around.pause(waitMs).then(begun.end, begun.end);
    return begun;
  }

  return async (place) => {
    gathering ??= begin();
    gathering.count += 1;
    const { count, isOver, end } = gathering;
    if (count >= enough) end();
    await isOver;
    return keep(place);
  };
}
