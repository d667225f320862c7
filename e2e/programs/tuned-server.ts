import { startServer } from "../../apps/server/src/index.ts";
import { createLogger } from "../../apps/server/src/logging/logger.ts";

/**
 * `node tuned-server.ts <JSON of the server's options>`: the development server with lengths of time that no flag sets.
 * Prints what the real program prints.
 */
const [options = "{}"] = process.argv.slice(2);
const logger = createLogger({ level: "info", human: true, write: (line) => process.stderr.write(line) });
const server = await startServer({ dev: true, port: 0, ...JSON.parse(options), logger });
process.once("SIGTERM", () => void server.close().then(() => process.exit(0)));
process.stdout.write(`peerline-server ready ${server.url}\n`);
