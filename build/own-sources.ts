import { basename, relative } from 'node:path';
import type { Plugin } from 'rolldown';

/** Where code that says where it lies would be wrong in a bundle: its file is another one, in another folder. */
const aboutItself = /import\.meta\b(?!\.url)/;
const ownRequire = 'const require = createRequire(import.meta.url);';
const threadFile = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g;

/**
 * Lets the sources say in a bundle what they say by themselves: `import.meta.url` is still the source’s own address, so
 * that migrations, fonts and package.json are found; a thread’s file is the thread’s bundle; and `require` is the bundler’s.
 */
export function ownSources({
  root,
  out,
  threads,
}: {
  root: string;
  out: string;
  threads: readonly string[];
}): Plugin {
  return {
    name: 'own-sources',
    transform(code, id) {
      if (!id.startsWith(`${root}/`) || id.includes('/node_modules/') || !code.includes('import.meta'))
        return null;
      const path = relative(root, id);
      if (aboutItself.test(code)) throw new Error(`${path}: a bundle knows import.meta.url only`);
      const itself = `new URL(${JSON.stringify(relative(out, id))}, import.meta.url).href`;
      const parts = code.replace(ownRequire, '').split(threadFile);
      // Odd parts are what the pattern caught: the threads’ names.
      const made = parts.map((part, at) =>
        at % 2 === 0 ? part.replaceAll('import.meta.url', itself) : bundledThread(part, threads, path),
      );
      // No line has moved, and columns are dropped anyway (short-map.ts).
      return { code: made.join(''), map: null };
    },
  };
}

function bundledThread(name: string, threads: readonly string[], path: string): string {
  if (!threads.some((thread) => basename(thread, '.ts') === name))
    throw new Error(`${path} starts ${name}.ts, which build/bundle.ts does not name among the threads`);
  return `new URL('./${name}.js', import.meta.url)`;
}
