import { useEffect, useRef } from 'preact/hooks';

/** Closes a popup on Escape, on a click elsewhere, and when the focus leaves it. Give the ref to its container. */
export function useDismiss<E extends HTMLElement>(isOpen: boolean, dismiss: () => void) {
  const container = useRef<E>(null);
  useEffect(() => {
    if (!isOpen) return;
    const outside = (event: Event) => {
      const { target } = event;
      if (target instanceof Node && !container.current?.contains(target)) dismiss();
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      dismiss();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', onEscape, true);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', onEscape, true);
    };
  }, [isOpen]);
  return container;
}
