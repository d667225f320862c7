import { readFileSync } from "node:fs";
import { protocolVersions } from "../session/hello.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** What a probe answers. */
export interface ProbeAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Whether requests are to come here, and why not. */
export type Readiness = "ready" | "draining" | "no-keys";

/** Health, readiness and version, by path. UX 7.6. */
export function createProbes(readiness: () => Readiness): ReadonlyMap<string, () => ProbeAnswer> {
  return new Map<string, () => ProbeAnswer>([
    ["/healthz", () => ({ status: 200, body: { status: "ok" } })],
    [
      "/readyz",
      () => {
        const status = readiness();
        return { status: status === "ready" ? 200 : 503, body: { status } };
      },
    ],
    [
      "/version",
      () => ({
        status: 200,
        body: {
          name: "peerline-server",
          version: manifest.version,
          protocolMin: protocolVersions.min,
          protocolMax: protocolVersions.max,
        },
      }),
    ],
  ]);
}
