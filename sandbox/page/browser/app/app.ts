import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ModalWindow } from '../modal/modal-window.ts';
import { type Act, postAct } from '../state/act.ts';
import { type Client, ClientContext } from '../state/client.ts';
import { useSnapshot } from '../state/snapshot.ts';
import { Layout } from './layout.ts';
import { Toast } from './toast.ts';
import { usePlace } from './use-place.ts';

type Props = {
  people: readonly { id: string; handle: string }[];
  lucyCommands: Client['lucyCommands'];
};

/** The whole page. */
export function App({ people, lucyCommands }: Props): VNode {
  const first = people[0];
  const { place, go } = usePlace({ handle: first?.handle ?? '', spot: 'support', thread: null });
  const as = (people.find((person) => person.handle === place.handle) ?? first)?.id ?? '';
  const { snapshot, problem, refresh } = useSnapshot(as);
  const [sentence, tell] = useState<string | null>(null);
  // Here, because the rest is drawn anew for another person.
  const [isRailOpen, setRailOpen] = useState(false);
  useEffect(() => {
    const who = snapshot?.as.realName;
    document.title = who === undefined ? 'Lucy Sandbox' : `${who} in ${place.spot} | Lucy Sandbox`;
  }, [snapshot?.as.id, place.spot]);
  if (snapshot === null) {
    return html`<div class="splash" role="status">${problem ?? 'Opening the sandbox…'}</div>`;
  }
  const act = async (body: Act) => {
    const answer = await postAct(as, body);
    if (!answer.ok && body.kind !== 'say' && body.kind !== 'submit') tell(answer.error);
    refresh();
    return answer;
  };
  const client: Client = { snapshot, place, lucyCommands, go, act, tell };
  const { modal } = snapshot;
  return html`<${ClientContext.Provider} value=${client}>
    <${Layout} isOnline=${problem === null} isRailOpen=${isRailOpen} onRail=${setRailOpen} />
    ${modal !== null && html`<${ModalWindow} key=${modal.viewId} modal=${modal} />`}
    <${Toast} sentence=${problem ?? sentence} isLasting=${problem !== null} onGone=${() => tell(null)} />
  <//>`;
}
