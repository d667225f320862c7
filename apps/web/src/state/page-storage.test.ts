import { describe, expect, test } from "vitest";
import { pageStorage, type TextStorage } from "./page-storage.ts";

function working(): TextStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

function denied(): never {
  throw new DOMException("site data is blocked", "SecurityError");
}

const broken: Record<string, () => TextStorage | null | undefined> = {
  "a getter that throws": denied,
  "a getter that throws nothing in particular": () => {
    throw undefined;
  },
  "a storage that is null": () => null,
  "a storage that is undefined": () => undefined,
  "methods that throw": () => ({ getItem: denied, setItem: denied, removeItem: denied }),
  "a full storage": () => ({ ...working(), setItem: () => denied() }),
  "a storage that keeps nothing and says nothing": () => ({ ...working(), setItem: () => {} }),
  "a storage that gives what is no text": () => ({
    ...working(),
    getItem: () => Object(7),
    setItem: denied,
  }),
};

describe.each(Object.entries(broken))("with %s", (_, open) => {
  test("a page remembers as long as it lives, and nothing throws", () => {
    const storage = pageStorage(open);
    const before = storage.getItem("name");
    storage.setItem("name", "Ana");
    const during = storage.getItem("name");
    storage.removeItem("name");
    expect([before, during, storage.getItem("name")]).toEqual([null, "Ana", null]);
  });
});

test("a working storage is used, and shared with whoever else uses it", () => {
  const shared = working();
  pageStorage(() => shared).setItem("name", "Ana");
  expect([...shared.kept]).toEqual([["name", "Ana"]]);
  expect(pageStorage(() => shared).getItem("name")).toBe("Ana");
});

test("what no longer fits hides what was stored before", () => {
  const shared = working();
  shared.kept.set("name", "Ana");
  const storage = pageStorage(() => ({ ...shared, setItem: denied }));
  storage.setItem("name", "Ben");
  expect(storage.getItem("name")).toBe("Ben");
});
