import { mkdirSync, writeFileSync } from "node:fs";
import { callStates } from "./call-states.ts";

const file = new URL("../../../../docs/call-states.md", import.meta.url);
mkdirSync(new URL(".", file), { recursive: true });
writeFileSync(file, callStates());
