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

/** Health, readiness (false while draining) and version, by path. UX 7.6. */
export function createProbes(state: {
  readonly isReady: () => boolean;
}): ReadonlyMap<string, () => ProbeAnswer> {
  return new Map<string, () => ProbeAnswer>([
    ["/healthz", () => ({ status: 200, body: { status: "ok" } })],
    [
      "/readyz",
      () =>
        state.isReady()
          ? { status: 200, body: { status: "ready" } }
          : { status: 503, body: { status: "draining" } },
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
