import { benchAck } from './ack.ts';
import { benchIntake } from './intake.ts';

/** `npm run bench -- NAME …`: every figure, or those named. */
const benches: Record<string, () => Promise<string>> = { intake: benchIntake, ack: benchAck };

const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : Object.keys(benches)) {
  const bench = benches[name];
  if (!bench) {
    process.stderr.write(`There is no bench “${name}”. There are: ${Object.keys(benches).join(', ')}.\n`);
    process.exit(2);
  }
  process.stdout.write(`${await bench()}\n`);
}
