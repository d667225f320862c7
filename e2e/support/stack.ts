import { createServer } from "node:net";
import { type Program, startProgram } from "./processes.ts";

/** A signaling server of a test's own. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly program: Program;
}

/** Short graces, so that what the server decides by time is decided within a test. */
const quick = ["--ring-seconds", "15", "--detach-grace-seconds", "3"];

export async function startServer(args: readonly string[] = quick, port = 0): Promise<TestServer> {
  const program = startProgram("apps/server/src/main.ts", ["--dev", "--port", String(port), ...args]);
  const ready = await program.line(/peerline-server ready http:\/\/\S+/);
  const url = ready.replace(/^.*(http:\/\/\S+).*$/, "$1");
  return { url, port: Number(new URL(url).port), program };
}

export async function startEcho(serverUrl: string, name = "echo"): Promise<Program> {
  const bot = startProgram("apps/bot/src/main.ts", ["echo", "--server", serverUrl, "--user", name]);
  await bot.line(/echo is online/i);
  return bot;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
