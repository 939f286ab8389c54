import { coachDrill } from '#src/drills/coach.ts';
import { playDrill } from '#src/jobs/play-drill.ts';
import { type HealthWorld, healthWorld } from './health-world.ts';

export type DrillWorld = HealthWorld & {
  /** Lets so much time pass, second by second, while the service does what is due. */
  pass(seconds: number): Promise<void>;
  /** What the service does at this moment. */
  work(): Promise<void>;
  /** Everything that stands in #lucy-oncall and #incidents, oldest first. */
  said(): string[];
  drill(): Promise<Record<string, unknown>>;
};

/** A rota of Olu and Ada, and the work that a drill needs: timers, the coach, the player, the outbox. */
export async function drillWorld(): Promise<DrillWorld> {
  const world = await healthWorld();
  const { database, runner } = world;
  const work = async () => {
    await world.tick();
    await coachDrill({ database, settings: runner.settings, clock: world.clock });
    await playDrill(runner);
    await coachDrill({ database, settings: runner.settings, clock: world.clock });
  };
  return {
    ...world,
    work,
    async pass(seconds) {
      for (let gone = 0; gone < seconds; gone += 2) {
        world.clock.advance(2_000);
        await work();
        await world.pump();
      }
      await world.pumpAll();
    },
    said: () =>
      ['lucy-oncall', 'incidents'].flatMap((name) => world.slack.messages(name).map(({ text }) => text)),
    drill: () => database.knex('drills').orderBy('started_at', 'desc').first(),
  };
}
