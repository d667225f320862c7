import { attempt } from "./attempt.ts";

/** Texts by key. */
export type TextStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * A browser's storage that never throws, such as `pageStorage(() => localStorage)`. What the browser refuses, because site data is blocked,
 * there is no storage or it is full, is kept for as long as the page lives.
 */
export function pageStorage(open: () => TextStorage | null | undefined): TextStorage {
  const refused = new Map<string, string>();
  return {
    getItem(key) {
      const stored: unknown = refused.get(key) ?? attempt(() => open()?.getItem(key));
      return typeof stored === "string" ? stored : null;
    },
    setItem(key, value) {
      refused.delete(key);
      const isStored = attempt(() => {
        const storage = open();
        storage?.setItem(key, value);
        return storage?.getItem(key) === value;
      });
      if (!isStored) refused.set(key, value);
    },
    removeItem(key) {
      refused.delete(key);
      attempt(() => open()?.removeItem(key));
    },
  };
}

/** Of this browser: survives the tab. */
export const browserStorage = pageStorage(() => localStorage);

/** Of this tab: survives a reload. */
export const tabStorage = pageStorage(() => sessionStorage);
