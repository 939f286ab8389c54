import { readdir, readFile } from 'node:fs/promises';

/** What a process took, and what its children took that have ended; milliseconds. */
export type CpuMs = { parent: number; own: number; ended: number };

/** A file of /proc/PID, or nothing when the process is gone. */
export function readProc(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}

/** Fields 4 and 14 to 17 of /proc/PID/stat; user and system, in ticks of 10 ms. */
export async function cpuMsOf(pid: number): Promise<CpuMs> {
  const stat = await readProc(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ms = (field: number) => Number(fields[field - 3] ?? 0) * 10;
  return { parent: Number(fields[1] ?? 0), own: ms(14) + ms(15), ended: ms(16) + ms(17) };
}

/** A process and its children, also those that have ended. */
export async function familyCpuMs(pid: number): Promise<number> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(numbers.map(cpuMsOf));
  const children = all.filter(({ parent }) => parent === pid).reduce((sum, { own }) => sum + own, 0);
  const { own, ended } = await cpuMsOf(pid);
  return own + ended + children;
}
