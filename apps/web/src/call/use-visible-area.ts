import { useEffect, useRef } from "preact/hooks";

/**
 * A ref for an element as high as what is seen of the window: where a keyboard on the screen covers the page instead of shrinking it, CSS
 * gets the rest as `--seen-height` and `--seen-top`.
 */
export function useVisibleArea() {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    const stop = new AbortController();
    const area = window.visualViewport;
    const follow = () => {
      const style = element.current?.style;
      // A person who zooms in wants to see a part of the page, not a smaller page.
      const isCovered = area && area.scale === 1 && area.height < window.innerHeight;
      style?.setProperty("--seen-height", isCovered ? `${area.height}px` : "");
      style?.setProperty("--seen-top", isCovered ? `${area.offsetTop}px` : "");
    };
    for (const type of ["resize", "scroll"]) area?.addEventListener(type, follow, { signal: stop.signal });
    return () => stop.abort();
  }, []);
  return element;
}
