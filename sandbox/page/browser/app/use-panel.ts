import { useState } from 'preact/hooks';
import type { PanelTab } from '../panel/panel.ts';

const openKey = 'lucy-sandbox:panel-open';

export type PanelState = {
  isOpen: boolean;
  tab: PanelTab;
  setTab: (tab: PanelTab) => void;
  open: () => void;
  close: () => void;
};

/** Whether the right panel is open: at first where there is room for it, then as it was left. */
export function usePanel(): PanelState {
  const [isOpen, setOpen] = useState(
    () => (localStorage.getItem(openKey) ?? String(hasRoom())) === 'true' && hasRoom(),
  );
  const [tab, setTab] = useState<PanelTab>('stripe');
  const set = (next: boolean) => {
    localStorage.setItem(openKey, String(next));
    setOpen(next);
  };
  return { isOpen, tab, setTab, open: () => set(true), close: () => set(false) };
}

function hasRoom(): boolean {
  return window.innerWidth >= 1100;
}
