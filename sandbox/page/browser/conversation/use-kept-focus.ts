import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * For something that is redrawn under the reader's hands, such as a card that Lucy edits: the focus goes to the new
 * button of the same name, or stays with the card, instead of falling back to the top of the page.
 */
export function useKeptFocus() {
  const element = useRef<HTMLElement>(null);
  // Drawing comes before the change, so this still sees what had the focus.
  const focused = element.current?.contains(document.activeElement) ? document.activeElement : null;
  useLayoutEffect(() => {
    const isLost = document.activeElement === document.body || document.activeElement === null;
    const card = element.current;
    if (focused === null || !isLost || card === null) return;
    const controls = [...card.querySelectorAll<HTMLElement>('button, a, select, input')];
    const successor = controls.find((control) => control.textContent === focused.textContent);
    (successor ?? card).focus({ preventScroll: true });
  });
  return element;
}
