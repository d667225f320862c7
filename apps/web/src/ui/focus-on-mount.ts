/** A ref that moves the focus to a heading when its page appears, so that a screen reader starts there. */
export function focusOnMount(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
}
