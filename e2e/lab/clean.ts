import { cleanLabs } from "./run.ts";

/** `node e2e/lab/clean.ts`: removes what crashed labs left behind. `--all`: the running ones' too. */
const removed = cleanLabs(process.argv.includes("--all"));
process.stdout.write(removed.length > 0 ? `removed ${removed.join(", ")}\n` : "nothing left behind\n");
