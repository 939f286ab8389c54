import { startSandbox } from './start-sandbox.ts';

/** sysexits: a configuration error. */
const EX_CONFIG = 78;

/** The sandbox talks to nobody outside; real credentials around it would be a misunderstanding (DESIGN section 9). */
const real = Object.keys(process.env).filter(
  (name) => /^(SLACK|STRIPE)_/.test(name) && process.env[name]?.trim(),
);
if (real.length > 0) {
  process.stderr.write(
    `The sandbox needs no account and no key, but ${real.join(', ')} ${real.length === 1 ? 'is' : 'are'} set.\nUnset ${real.length === 1 ? 'it' : 'them'} to try the sandbox, or run “npm start” for the real services.\n`,
  );
  process.exit(EX_CONFIG);
}

const sandbox = await startSandbox({
  port: Number(process.env.PORT ?? 0) || 0,
  logLevel: process.env.LOG_LEVEL ?? 'warn',
});
process.stdout.write(`Lucy's sandbox is ready. Open this address:

  ${sandbox.url}

You are Sam from support; switch to Bea, Bo, Olu, Ada or Gus on the left. Try:

  /lucy credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812

and “Sofia upgrades to pro” under Behind the scenes → Stripe. “Lose webhooks for an hour” there
plays a whole incident on a fast clock, with you or for you. A customer’s report failed a quarter of an hour ago:

  /lucy investigate ZD-901 --request req-7f3a91c2

The terminal works on the same database:

  DATABASE_URL=${sandbox.databaseUrl} npx lucy customer show sofia@firm.com

What customers see of an incident:

  ${sandbox.lucyUrl}/status

Everything is gone when you stop it with Ctrl-C.
`);

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    await sandbox.stop();
    process.exit(0);
  });
}
