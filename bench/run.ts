import { benchAck } from './ack.ts';
import { benchAckBurst } from './ack-burst.ts';
import { benchApply } from './apply.ts';
import { benchBurst } from './burst.ts';
import { benchDiagnose } from './diagnose.ts';
import { benchEntitlements } from './entitlements.ts';
import { benchEventToTier } from './event-to-tier.ts';
import { benchIntake } from './intake.ts';
import { benchLedger } from './ledger.ts';
import { benchReconcile } from './reconcile.ts';
import { benchSoak } from './soak.ts';
import { benchStart } from './start.ts';
import { benchTrace } from './trace.ts';

/** `npm run bench -- NAME …`: every figure, or those named. */
const benches: Record<string, () => Promise<string>> = {
  intake: benchIntake,
  apply: benchApply,
  ack: benchAck,
  'ack-burst': benchAckBurst,
  burst: benchBurst,
  diagnose: benchDiagnose,
  entitlements: benchEntitlements,
  'event-to-tier': benchEventToTier,
  ledger: benchLedger,
  reconcile: benchReconcile,
  soak: benchSoak,
  trace: benchTrace,
  start: benchStart,
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
