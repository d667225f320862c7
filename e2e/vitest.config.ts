import { defineConfig, mergeConfig } from "vitest/config";
import { shared } from "../vitest.shared.ts";

/** The lab's plans are pure and tested without a network. */
export default mergeConfig(shared, defineConfig({ test: { include: ["lab/*.test.ts"] } }));
