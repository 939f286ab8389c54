import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ClientPerson } from '../../../slack/client-contract.ts';
import { Avatar } from '../avatar.ts';
import { Icon } from '../icon.ts';
import { useClient } from '../state/client.ts';
import { type Place, writePlace } from '../state/place.ts';

let hasJustSwitched = false;

/** Who one acts as. Arrow keys move between people, as in any group of radio buttons. */
export function PersonSwitcher(): VNode {
  const { snapshot, place, go } = useClient();
  const { people, as } = snapshot;
  const faces = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The page is drawn anew for another person; the arrow keys then go on from there.
    if (hasJustSwitched) faces.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
    hasJustSwitched = false;
  }, [as.id]);
  const become = (person: ClientPerson | undefined) => {
    if (person === undefined) return;
    hasJustSwitched = person.id !== as.id;
    go(placeFor(person, as, place));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = people.findIndex((person) => person.id === as.id);
    become(people[(at + step + people.length) % people.length]);
  };
  return html`<section class="switcher">
    <div class="switcher-head">
      <h2 class="rail-title" id="acting-as">Acting as</h2>
      <a class="switcher-window" href=${writePlace({ ...place, thread: null })} target="_blank" rel="noopener" title="Open a second window, to be someone else there">
        <${Icon} name="window" />New window
      </a>
    </div>
    <div class="switcher-faces" role="radiogroup" aria-labelledby="acting-as" ref=${faces} onKeyDown=${onKeyDown}>
      ${people.map(
        (person) => html`<button
          type="button"
          role="radio"
          key=${person.id}
          class="face"
          aria-checked=${person.id === as.id}
          aria-label=${`${person.realName} (${person.title})`}
          title=${`${person.realName} (${person.title})`}
          tabindex=${person.id === as.id ? 0 : -1}
          onClick=${() => become(person)}
        ><${Avatar} user=${person.id} size="medium" /></button>`,
      )}
    </div>
    <p class="switcher-name" role="status"><b>${as.realName}</b><span>${as.title}</span></p>
  </section>`;
}

/** The same place with other eyes: the channel and its thread stay, and a direct message is seen from its other end. */
function placeFor(person: ClientPerson, from: ClientPerson, place: Place): Place {
  if (place.spot === `dm-${person.handle}`)
    return { ...place, handle: person.handle, spot: `dm-${from.handle}` };
  const isPrivate = place.spot.startsWith('dm-') || place.spot.startsWith('app-');
  return { ...place, handle: person.handle, thread: isPrivate ? null : place.thread };
}
