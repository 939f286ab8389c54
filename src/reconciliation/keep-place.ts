import type { Database } from '#db/connection.ts';
import { keepPlaces, type Place } from '#db/reconcile-place.ts';
import { shareCalls } from '#src/core/share-calls.ts';

/** Keeps how far a piece is read, durably; false when somebody else has it now. */
export type PlaceKeeper = (place: Place) => Promise<boolean>;

const AT_ONCE = 64;

/** Those whose pages come in one turn of the event loop share a commit. */
export function createPlaceKeeper(database: Database): PlaceKeeper {
  return shareCalls<Place, boolean>(AT_ONCE, async (places) =>
    (await keepPlaces(database, places)).map((answer) => ({ answer })),
  );
}
