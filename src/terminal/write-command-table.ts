import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commands } from '#commands/index.ts';
import { withCommandTable } from './command-table.ts';

/** `npm run docs`: writes the README's command table anew. */
const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
writeFileSync(readme, withCommandTable(readFileSync(readme, 'utf8'), commands));
process.stdout.write('README.md: the command table is current.\n');
