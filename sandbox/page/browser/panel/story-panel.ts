import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { isRecord, recordAt, recordsAt, textAt } from '../read-json.ts';
import { postJson } from '../state/act.ts';
import { useClient } from '../state/client.ts';
import { useFeed } from './use-feed.ts';

const LOOK_MS = 2_000;

/** A whole incident, told step by step: what happens, what to do next, or Lucy’s colleague Olu doing it. */
export function StoryPanel(): VNode | null {
  const { tell } = useClient();
  const { data, refresh } = useFeed('/story');
  useEffect(() => {
    const timer = setInterval(refresh, LOOK_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  if (!isRecord(data) || !textAt(data, 'state')) return null;
  const state = textAt(data, 'state');
  const next = recordAt(data, 'next');
  const post = async (act: string) => {
    const answer = await postJson('/story', { act });
    if (!answer.ok) tell(answer.error);
    refresh();
  };
  return html`
    <section class="panel-section story" aria-label="An hour without webhooks">
      <h3>An hour without webhooks</h3>
      <p class="story-says" aria-live="polite">${textAt(data, 'says')}</p>
      ${
        state === 'ready'
          ? null
          : html`<ol class="story-steps">
              ${recordsAt(data, 'steps').map(
                (
                  step,
                ) => html`<li class=${textAt(step, 'state')} aria-current=${textAt(step, 'state') === 'now' ? 'step' : undefined}>
                  ${textAt(step, 'title')}
                </li>`,
              )}
            </ol>`
      }
      ${
        next
          ? html`<p class="story-next">
              As ${textAt(next, 'who')} in #${textAt(next, 'place')}:<code>${textAt(next, 'line')}</code>
            </p>`
          : null
      }
      <div class="story-acts">
        ${state === 'on' ? null : html`<button type="button" class="button" onClick=${() => post('start')}>Lose webhooks for an hour</button>`}
        ${
          state === 'on' && data.isPlayed === true
            ? null
            : html`<button type="button" class="button" onClick=${() => post('play')}>Play it for me</button>`
        }
        ${state === 'on' ? html`<button type="button" class="button" onClick=${() => post('stop')}>Stop</button>` : null}
        ${state === 'on' ? html`<span class="story-clock">minute ${textAt(data, 'minutes')} of ${textAt(data, 'ofMinutes')}</span>` : null}
      </div>
    </section>
  `;
}
