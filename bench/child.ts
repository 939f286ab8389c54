import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cpuMsOf, type MemoryMb, memoryMbOf, readProc } from './proc.ts';

export type Server = {
  port: number;
  stop(): Promise<void>;
  cpuMs(): Promise<number>;
  rssMb(): Promise<number>;
  memoryMb(): Promise<MemoryMb>;
};

/** Starts a server in a process of its own and waits for its line `listening`, which names the port. */
export async function startServer(args: string[], env: Record<string, string>): Promise<Server> {
  const child = spawn(process.execPath, args, {
    env: { ...bareEnv(), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await portOf(child);
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
    cpuMs: async () => (await cpuMsOf(child.pid ?? 0)).own,
    rssMb: async () =>
      Number(/VmRSS:\s+(\d+)/.exec(await readProc(child.pid ?? 0, 'status'))?.[1] ?? 0) / 1024,
    memoryMb: () => memoryMbOf(child.pid ?? 0),
  };
}

/** Nothing of the caller's environment but what a process needs to run. */
function bareEnv(): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) return reject(new Error('no stdout'));
    child.once('exit', (code) => reject(new Error(`The server ended with ${code} before it listened`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.includes('listening')) return;
      resolve(Number(JSON.parse(line).port));
    });
  });
}
