import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Half of what such a process takes is making code of a thousand files; what one made, the next ones read. */
const NODE_COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/lucy', import.meta.url));

/** Runs one of `test/world/programs/` as a process of its own; resolves with how it ended. */
export function runProgram(
  name: string,
  args: readonly string[],
): Promise<{ code: number | null; signal: string | null; out: string }> {
  const path = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path, ...args], {
      env: { ...process.env, NODE_COMPILE_CACHE },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      out += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out }));
  });
}
