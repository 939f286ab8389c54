import { useState } from 'preact/hooks';
import { useClient } from '../state/client.ts';
import { type Completion, completionsFor } from './completions.ts';

/** The popup's state. Enter sends unless the person went into the list, so a full command is never changed. */
export function useCompletion(text: string, write: (text: string) => void, isOn: boolean) {
  const { snapshot, lucyCommands } = useClient();
  const [active, setActive] = useState(0);
  const [hasMoved, setMoved] = useState(false);
  const [closedAt, setClosedAt] = useState<string | null>(null);
  const isOpen = isOn && closedAt !== text;
  const completions = isOpen ? completionsFor(text, snapshot.commands, lucyCommands) : [];

  const reset = () => {
    setActive(0);
    setMoved(false);
    setClosedAt(null);
  };
  const accept = (completion: Completion | undefined): boolean => {
    if (!completion?.insert) return false;
    write(completion.insert);
    reset();
    return true;
  };
  const move = (step: number) => {
    setMoved(true);
    setActive((active + step + completions.length) % completions.length);
  };
  /** True when the key was for the popup. */
  const handleKey = (key: string): boolean => {
    const chosen = completions[active];
    if (chosen === undefined) return false;
    if (key === 'Escape') setClosedAt(text);
    else if (key === 'ArrowDown' || key === 'ArrowUp') move(key === 'ArrowDown' ? 1 : -1);
    else if (key === 'Tab') return accept(chosen);
    else if (key === 'Enter' && (hasMoved || isHalfCommand(text, chosen))) return accept(chosen);
    else return false;
    return true;
  };
  return { completions, active, accept, handleKey, reset };
}

/** `/lu`, which no one can mean as it stands. */
function isHalfCommand(text: string, chosen: Completion): boolean {
  return !text.includes(' ') && chosen.insert?.trim() !== text;
}
