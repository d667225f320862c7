import { expect, test } from "@playwright/test";
import { startNode } from "../../support/lab-programs.ts";
import type { Nat } from "../network.ts";
import { openLab } from "../run.ts";

const probe = "e2e/lab/nat-probe.ts";

const behaviours: readonly (readonly [Nat, Readonly<Record<string, unknown>>])[] = [
  ["full-cone", { mapping: "same for all", otherHostGetsIn: true, otherPortGetsIn: true }],
  ["address-restricted", { mapping: "same for all", otherHostGetsIn: false, otherPortGetsIn: true }],
  ["port-restricted", { mapping: "same for all", otherHostGetsIn: false, otherPortGetsIn: false }],
  ["symmetric", { mapping: "one per peer", otherHostGetsIn: false, otherPortGetsIn: false }],
];

for (const [nat, behaviour] of behaviours) {
  test(`the lab's ${nat} NAT behaves as one`, async () => {
    using cleanup = new DisposableStack();
    const lab = openLab({ publicHosts: ["east", "west"], sites: [{ name: "home", nat, hosts: ["alice"] }] });
    cleanup.defer(lab.close);
    for (const host of ["east", "west"]) {
      await startNode(lab.enter(host), probe, ["answer"]).line(/answering/);
    }
    const addresses = ["east", "west"].map((host) => lab.place(host).address);
    const asked = await startNode(lab.enter("alice"), probe, ["ask", ...addresses]).line(/^{/);
    expect(JSON.parse(asked)).toEqual(behaviour);
  });
}
