import { writeFileSync } from "node:fs";
import { limitsOfInput, limitsTable } from "./limits.ts";

writeFileSync(new URL("../LIMITS.md", import.meta.url), limitsTable(limitsOfInput()));
