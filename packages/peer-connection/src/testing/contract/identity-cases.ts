import { fingerprints } from "../../description.ts";
import { assert, assertEqual } from "./assert.ts";
import { openCall } from "./call.ts";
import type { ContractCase } from "./env.ts";
import { count, type Side } from "./side.ts";

const foreign = `sha-256 ${Array(32).fill("00").join(":")}`;

/** Who is at the other end. */
export const identityCases: readonly ContractCase[] = [
  {
    name: "100: a fingerprint that is not the bound one ends the call before anything of it is applied",
    async run(env) {
      const call = openCall(env, undefined, { generation: 2, remoteFingerprints: [foreign] });
      await call.until(() => count(call.callee, "peer.broken") === 1, "the callee breaks off");
      const { events, tracks, connection } = call.callee;
      const before = [events.at(-1), tracks, connection.signalingState, connection.iceConnectionState];
      await call.close();
      const wanted = [{ type: "peer.broken", reason: "security" }, [], "stable", "new"];
      assertEqual(before, wanted, "the callee");
    },
  },
  {
    name: "a kept certificate gives two connections one fingerprint, and takes fresh ICE servers",
    needs: "certificates",
    async run(env) {
      const ecdsa: EcKeyGenParams = { name: "ECDSA", namedCurve: "P-256" };
      const certificates = [await RTCPeerConnection.generateCertificate(ecdsa)];
      const first = openCall(env, undefined, { certificates });
      await first.connected();
      first.caller.peer.setIceServers([{ urls: "stun:127.0.0.1:3478" }]);
      first.caller.peer.restartIce();
      await first.until(() => count(first.callee, "peer.described") === 2, "the answer to the restart");
      await first.connected();
      const warnings = first.caller.infos.filter((line) => line.includes("refused"));
      await first.close();
      const bound = toldBy(first.caller);
      const second = openCall(env, undefined, { generation: 2, certificates, remoteFingerprints: bound });
      await second.connected();
      await second.close();
      assert(bound.length > 0, "fingerprints are told");
      assertEqual(
        [toldBy(second.caller), warnings],
        [bound, []],
        "the fingerprints of the second connection",
      );
    },
  },
];

/** The fingerprints that a side told with its first description, which are those of its SDP. */
function toldBy({ events }: Side): readonly string[] {
  const event = events.find(({ type }) => type === "peer.described");
  assert(event?.type === "peer.described" && event.fingerprints !== undefined, "fingerprints");
  assertEqual(event.fingerprints, fingerprints(event.description.sdp), "the told fingerprints");
  return event.fingerprints;
}
