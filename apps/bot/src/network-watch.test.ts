import type { NetworkInterfaceInfo } from "node:os";
import type { Clock } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { addressesOf, hasChanged, type Interfaces, watchNetwork } from "./network-watch.ts";

function info(address: string, internal = false): NetworkInterfaceInfo {
  return { address, internal, family: "IPv4", netmask: "", mac: "", cidr: null };
}

const wifi: Interfaces = { lo: [info("127.0.0.1", true)], wlan0: [info("192.168.1.7"), info("fe80::1")] };
const mobile: Interfaces = { lo: [info("127.0.0.1", true)], wwan0: [info("10.9.8.7")] };
const nothing: Interfaces = { lo: [info("127.0.0.1", true)], wlan0: undefined };

/** A clock with at most one timer, that a test fires. */
function oneTimerClock(): Clock & { fire(): void; readonly due: () => number | undefined } {
  let timer: { readonly at: number; readonly run: () => void } | undefined;
  return {
    now: () => 1_000,
    setTimer(at, run) {
      timer = { at, run };
      return () => {
        timer = undefined;
      };
    },
    fire() {
      const { run } = timer ?? { run: () => undefined };
      timer = undefined;
      run();
    },
    due: () => timer?.at,
  };
}

function watch(first: Interfaces) {
  let present = first;
  let changes = 0;
  const clock = oneTimerClock();
  const stop = watchNetwork({ read: () => present, clock, onChange: () => changes++ });
  const see = (interfaces: Interfaces) => {
    present = interfaces;
    clock.fire();
    return changes;
  };
  return { see, stop, clock };
}

test("only addresses that others could use count", () => {
  expect(addressesOf({ ...wifi, ...mobile })).toEqual(["wlan0 192.168.1.7", "wwan0 10.9.8.7"]);
});

test.each([
  [["a 1"], ["a 1"], false],
  [["a 1"], ["a 2"], true],
  [["a 1"], ["a 1", "b 1"], true],
  [["a 1", "b 1"], ["a 1"], true],
  [[], [], false],
])("from %o to %o is a change: %s", (before, after, changed) => {
  expect(hasChanged(before, after)).toBe(changed);
});

test("another address is told once, half a second after it is there at the latest", () => {
  const { see, clock } = watch(wifi);
  expect(clock.due()).toBe(1_500);
  expect([see(wifi), see(mobile), see(mobile), see(wifi)]).toEqual([0, 1, 1, 2]);
});

test("a machine without a network is left alone until it has one again, even the same", () => {
  const { see } = watch(wifi);
  expect([see(nothing), see(nothing), see(wifi), see(wifi)]).toEqual([0, 0, 1, 1]);
});

test("nothing is read after the way out", () => {
  const { stop, clock } = watch(wifi);
  stop();
  expect(clock.due()).toBeUndefined();
});
