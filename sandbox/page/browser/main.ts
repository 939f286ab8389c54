import { html } from 'htm/preact';
import { render } from 'preact';
import { App } from './app/app.ts';
import { isRecord, textAt } from './read-json.ts';

/** Who there is to be, and what Lucy can do: both are asked for until the sandbox answers. */
async function start(): Promise<void> {
  const root = document.getElementById('page');
  if (root === null) return;
  const [people, commands] = await Promise.all([fetchList('/cast'), fetchList('/lucy-commands')]);
  const lucyCommands = commands.map((one) => ({
    usage: textAt(one, 'usage'),
    summary: textAt(one, 'summary'),
  }));
  const cast = people.map((one) => ({ id: textAt(one, 'id'), handle: textAt(one, 'handle') }));
  root.replaceChildren();
  render(html`<${App} people=${cast} lucyCommands=${lucyCommands} />`, root);
}

async function fetchList(path: string) {
  const retryAfterMs = 1000;
  for (;;) {
    const response = await fetch(path).catch(() => null);
    const list: unknown = response?.ok ? await response.json() : null;
    if (Array.isArray(list)) return list.filter(isRecord);
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
  }
}

void start();
