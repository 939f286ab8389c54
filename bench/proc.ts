import { readdir, readFile } from 'node:fs/promises';

/** What a process took, and what its children took that have ended; milliseconds. */
export type CpuMs = { parent: number; own: number; ended: number };

/**
 * What a process holds in RAM, MB. Anonymous is its own: V8's heaps, malloc, stacks. Files are program, libraries and
 * SQLite's shared index of the write-ahead log: pages that the kernel may take back or others share.
 */
export type MemoryMb = { anonymous: number; files: number };

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

/** From RssAnon, RssFile and RssShmem of /proc/PID/status; zeros when the process is gone. */
export async function memoryMbOf(pid: number): Promise<MemoryMb> {
  const status = await readProc(pid, 'status');
  const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { anonymous: mb('RssAnon'), files: mb('RssFile') + mb('RssShmem') };
}

/** A process and its children, also those that have ended. */
export async function familyCpuMs(pid: number): Promise<number> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(numbers.map(cpuMsOf));
  const children = all.filter(({ parent }) => parent === pid).reduce((sum, { own }) => sum + own, 0);
  const { own, ended } = await cpuMsOf(pid);
  return own + ended + children;
}
