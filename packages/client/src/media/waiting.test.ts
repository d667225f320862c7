import { startServer } from "@peerline/server";
import { expect, test } from "vitest";
import type { MediaSource, OpenedSources } from "../peerline.ts";
import { silentMedia, until } from "../testing/node-peerline.ts";
import { isLive, isRung, peopleOnServer } from "../testing/people.ts";

const { online } = peopleOnServer(() => startServer({ dev: true, port: 0 }));

/** Devices whose prompt stays open until the test answers. */
function promptedMedia() {
  const answered = Promise.withResolvers<void>();
  const media: MediaSource = {
    async open(sources): Promise<OpenedSources> {
      await answered.promise;
      return silentMedia.open(sources);
    },
  };
  return { media, allow: answered.resolve };
}

test("with the permission prompts of both sides open a call rings, is answered and is live, and sound follows the permission", async () => {
  const [near, far] = [promptedMedia(), promptedMedia()];
  const ana = await online("ana", { media: near.media });
  const ben = await online("ben", { media: far.media });
  ana.dial("ben", "audio");
  await until(ben, isRung);
  expect(ana.view().call?.local).toEqual({ microphone: "waiting", camera: "off" });
  ben.accept();
  for (const peerline of [ana, ben]) await until(peerline, isLive);
  const waiting = { microphone: "waiting", camera: "off" };
  expect([ana, ben].map((one) => one.view().call?.local)).toEqual([waiting, waiting]);
  ben.setMicrophone(false);
  near.allow();
  far.allow();
  await until(
    ben,
    ({ call, details }) => call?.remoteMedia?.microphone === true && !!details?.localTracks.microphone,
  );
  expect(ana.view().call?.local).toEqual({ microphone: "on", camera: "off" });
  expect(ben.view().call?.local).toEqual({ microphone: "off", camera: "off" });
  expect(ben.view().details?.localTracks.microphone?.enabled).toBe(false);
  expect([ana, ben].map((one) => one.view().details?.states?.signaling)).toEqual(["stable", "stable"]);
}, 20_000);
