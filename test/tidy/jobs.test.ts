import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the decision says of every job what keeps it right with many processes, and of no other', () => {
  const jobs = [...read('src/jobs/schedule.ts').matchAll(/\bname: '([a-z-]+)'/g)].map(([, name]) => name);
  const lines = read('docs/decisions/0019-many-processes-and-no-leader.md').split('\n');
  const table = lines.filter((line) => line.startsWith('| `')).map((line) => line.split('|')[1] ?? '');
  const told = table.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));

  expect(jobs.length).toBeGreaterThan(30);
  expect(told.sort()).toEqual(jobs.sort());
});

test('without REDIS_URL nothing of Redis is loaded: its libraries stand behind one import that is made when it is set', () => {
  const files = ['src', 'commands', 'db'].flatMap((folder) =>
    readdirSync(new URL(`../../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
  const who = (pattern: RegExp) => files.filter((path) => pattern.test(read(path))).sort();
  const ofRedis = /^src\/gateways\/redis-[a-z]+\.ts$/;

  expect(who(/from '(bullmq|ioredis)'/).filter((path) => !ofRedis.test(path))).toEqual([]);
  expect(who(/from '[^']*\/redis-[a-z]+\.ts'/).filter((path) => !ofRedis.test(path))).toEqual([]);
  expect(who(/import\('[^']*\/redis-[a-z]+\.ts'\)/)).toEqual(['src/open-doorbell.ts']);
  expect(who(/from '(bullmq|ioredis)'/)).not.toEqual([]);
});
