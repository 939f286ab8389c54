import { benchAck } from './ack.ts';
import { benchBurst } from './burst.ts';
import { benchDiagnose } from './diagnose.ts';
import { benchIntake } from './intake.ts';
import { benchReconcile } from './reconcile.ts';

/** `npm run bench -- NAME …`: every figure, or those named. */
const benches: Record<string, () => Promise<string>> = {
  intake: benchIntake,
  ack: benchAck,
  burst: benchBurst,
  diagnose: benchDiagnose,
  reconcile: benchReconcile,
};

const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : Object.keys(benches)) {
  const bench = benches[name];
  if (!bench) {
    process.stderr.write(`There is no bench “${name}”. There are: ${Object.keys(benches).join(', ')}.\n`);
    process.exit(2);
  }
  process.stdout.write(`${await bench()}\n`);
}
