import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function readRoot(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8');
}

export type Instruction = { name: string; words: string };

/** The instructions of the Dockerfile, each on one line, without comments. */
export function readDockerfile(): Instruction[] {
  return readRoot('Dockerfile')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => ({ name: line.split(' ')[0] ?? '', words: line.slice(line.indexOf(' ') + 1) }));
}

/** What a stage takes out of the checkout: source → where; without a name the last one, which is the image. */
export function copiedInto(stage?: 'packages' | 'bundle'): [from: string, to: string][] {
  const instructions = readDockerfile();
  const begins = instructions.flatMap(({ name }, at) => (name === 'FROM' ? [at] : []));
  const begin = stage
    ? instructions.findIndex(({ name, words }) => name === 'FROM' && words.endsWith(` AS ${stage}`))
    : begins.at(-1);
  const end = begins.find((at) => at > (begin ?? 0)) ?? instructions.length;
  return instructions
    .slice(begin, end)
    .filter(({ name, words }) => name === 'COPY' && !words.startsWith('--from'))
    .flatMap(({ words }) => {
      const all = words.split(' ');
      const to = all.pop() ?? '';
      return all.map((from): [string, string] => [from, to === './' ? from : to]);
    });
}

/** What the image runs, as words. */
export function imageCommand(): string[] {
  return JSON.parse(readDockerfile().findLast(({ name }) => name === 'CMD')?.words ?? '[]');
}

/** The command of the HEALTHCHECK, as words. */
export function healthCommand(): string[] {
  const words = readDockerfile().find(({ name }) => name === 'HEALTHCHECK')?.words ?? '';
  return JSON.parse(words.slice(words.indexOf('CMD ') + 4));
}

export type ComposeService = {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  stop_grace_period?: string;
  restart?: string;
};

export function readCompose(): {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
} {
  return parse(readRoot('compose.yml'), { merge: true });
}

/** The settings of the unit file, in order; a name may come several times. */
export function readUnit(): { name: string; value: string }[] {
  return readRoot('deploy/lucy.service')
    .split('\n')
    .filter((line) => /^[A-Z]\w+=/.test(line))
    .map((line) => ({ name: line.split('=')[0] ?? '', value: line.slice(line.indexOf('=') + 1) }));
}
