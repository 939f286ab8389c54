import { readFileSync } from 'node:fs';
import { pageFor } from '#src/terminal/help-page.ts';
import { translateSeedSpelling } from '#src/terminal/seed-spellings.ts';
import { takeTerminalFlags } from '#src/terminal/terminal-flags.ts';
import { helpPages } from './help-pages.ts';

/** What is printed ready is printed at once; everything else loads the program, which takes several times as long. */
async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  const ready = readyText(argv);
  if (ready !== null) {
    process.stdout.write(ready);
    return 0;
  }
  const { doTyped } = await import('./terminal-process.ts');
  return doTyped(argv, process.env);
}

/** What cannot be read is told later, with everything else. */
function readyText(argv: readonly string[]): string | null {
  if (argv[0] === '--version' || argv[0] === '-V') return `${version()}\n`;
  try {
    const tokens = translateSeedSpelling(takeTerminalFlags(argv).rest);
    return tokens && helpPages && pageFor(helpPages, tokens);
  } catch {
    return null;
  }
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return `Lucy ${version}`;
}

// `lucy help | head` ends the pipe before Lucy is done; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await main();
