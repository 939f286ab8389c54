/** A piece of work that was taken, to be done. */
export type Unit = () => Promise<void>;

/** Those who work side by side. Who finds nothing rests, as long as somebody else may yet make something. */
export type Lanes = {
  /** Until nobody finds anything, or may go on; returns how much was done. */
  work(take: () => Promise<Unit | null>): Promise<number>;
  /** So many pieces more can be taken now. */
  wake(pieces: number): void;
  /** Whether somebody has nothing to do. */
  areResting(): boolean;
};

export function createLanes(count: number, mayGoOn: () => Promise<boolean>): Lanes {
  let resting: (() => void)[] = [];
  let busy = 0;
  let wakes = 0;
  let isOver = false;
  let ends = 0;
  /** At which count of wakes and ends there was nothing: of many who are woken together, each would find the same. */
  let nothingAt = -1;
  let looks: Promise<unknown> = Promise.resolve();

  function lookInTurn(take: () => Promise<Unit | null>): Promise<Unit | null> {
    const look = looks.then(async () => {
      const before = wakes + ends;
      if (nothingAt === before) return null;
      const unit = await take();
      if (!unit) nothingAt = before;
      return unit;
    });
    looks = look.catch(() => {});
    return look;
  }

  function wake(pieces: number): void {
    if (pieces === 0) return;
    wakes += 1;
    const woken = resting.slice(0, pieces);
    resting = resting.slice(pieces);
    for (const goOn of woken) goOn();
  }

  async function rest(): Promise<void> {
    busy -= 1;
    await new Promise<void>((goOn) => resting.push(goOn));
    busy += 1;
  }

  async function lane(take: () => Promise<Unit | null>): Promise<number> {
    let done = 0;
    try {
      while (!isOver && (await mayGoOn())) {
        const before = wakes;
        const unit = await lookInTurn(take);
        if (unit) {
          await unit();
          done += 1;
          ends += 1;
        } else if (wakes === before) {
          // Nobody else is there who could make something.
          if (busy === 1) break;
          await rest();
        }
      }
      return done;
    } finally {
      busy -= 1;
      isOver ||= busy === 0;
      if (isOver) wake(resting.length);
    }
  }

  return {
    wake,
    areResting: () => resting.length > 0,
    async work(take) {
      busy = count;
      const done = await Promise.all(Array.from({ length: count }, () => lane(take)));
      return done.reduce((sum, one) => sum + one, 0);
    },
  };
}
