import { test as base } from "@playwright/test";
import { type LabStack, openLabStack } from "../../support/lab-stack.ts";

interface Fixtures {
  /** Builds a network with server and relay; gone after the test. */
  readonly openStack: typeof openLabStack;
  /** Puts a measured figure into the report. */
  readonly measured: (name: string, value: unknown) => void;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern
  openStack: async ({}, use) => {
    const opened: LabStack[] = [];
    await use(async (...options) => {
      const stack = await openLabStack(...options);
      opened.push(stack);
      return stack;
    });
    for (const stack of opened) await stack.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern
  measured: async ({}, use, info) => {
    await use((type, value) => {
      info.annotations.push({ type, description: JSON.stringify(value) });
    });
  },
});
