import { defineConfig, mergeConfig } from "vitest/config";
import { shared } from "../vitest.shared.ts";

/** What is pure of the lab and of the figures, tested without a network. */
export default mergeConfig(
  shared,
  defineConfig({ test: { include: ["lab/*.test.ts", "figures/*.test.ts"] } }),
);
