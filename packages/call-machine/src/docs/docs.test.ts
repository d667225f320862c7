import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import type { AnyStateNode } from "xstate";
import { callMachine } from "../call/machine.ts";
import { sessionMachine } from "../session/machine.ts";
import { callScreens, callStates, linkScreens } from "./call-states.ts";
import { mermaidOf } from "./mermaid.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

function leavesOf(node: AnyStateNode): readonly string[] {
  const children: readonly AnyStateNode[] = Object.values(node.states);
  return children.length === 0 ? [node.path.join(".")] : children.flatMap(leavesOf);
}

describe("docs/call-states.md", () => {
  test("is what the machines are: run `npm run generate` after a change", () => {
    expect(read("../../../../docs/call-states.md")).toBe(callStates());
  });

  test("says of every state what the person sees", () => {
    expect(callScreens.map(([state]) => state).toSorted()).toEqual(leavesOf(callMachine.root).toSorted());
    expect(linkScreens.map(([state]) => state).toSorted()).toEqual(leavesOf(sessionMachine.root).toSorted());
  });

  test.each([
    ["call", callMachine],
    ["session", sessionMachine],
  ] as const)(
    "has a diagram of the %s that names each state before an arrow, and has no arrow into its own box",
    (_, machine) => {
      const lines = mermaidOf(machine)
        .split("\n")
        .map((line) => line.trim());
      const named = new Set(lines.flatMap((line) => /^state ".+" as (\w+)/.exec(line)?.[1] ?? []));
      const arrows = lines.flatMap((line) => {
        const [, from, to] = /^(\w+) --> (\w+) : \S.*$/.exec(line) ?? [];
        return from && to ? [[from, to] as const] : [];
      });
      expect(arrows.length).toBeGreaterThan(2);
      expect(arrows.flat().filter((id) => !named.has(id))).toEqual([]);
      expect(arrows.filter(([from, to]) => to.startsWith(`${from}_`))).toEqual([]);
      const shapes = [
        /^stateDiagram-v2$/,
        /^\[\*\] --> \w+$/,
        /^\w+ --> \[\*\]$/,
        /^state "\w+" as \w+( \{)?$/,
        /^\}$/,
      ];
      const others = lines.filter(
        (line) => !shapes.some((shape) => shape.test(line)) && !/^\w+ --> \w+ : [^:;#]+$/.test(line),
      );
      expect(others).toEqual([]);
    },
  );
});

describe("README.md", () => {
  test("shows the example that is run here, with what it prints", async () => {
    const example = read("./example.ts");
    const [, block] = /```ts\n([\s\S]*?)```/.exec(read("../../README.md")) ?? [];
    expect(block).toBe(example);
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    await import("./example.ts");
    const printed = write.mock.calls.map(([text]) => String(text).trimEnd());
    write.mockRestore();
    expect(printed).toEqual([...example.matchAll(/`\); \/\/ (.+)/g)].map(([, comment]) => comment));
  });

  test("names every event and every effect", () => {
    const readme = read("../../README.md");
    const names = [...callMachine.events, ...sessionMachine.events].filter((type) => type !== "*");
    const missing = names.filter((type) => !readme.includes(`\`${type.split(".")[1]}\``));
    const internal = [
      "crossed",
      "finished",
      "incoming",
      "opened",
      "presence",
      "signOut",
      "signalled",
      "synced",
      "stopped",
      "caughtUp",
      "interrupted",
    ];
    expect(missing.filter((type) => !internal.includes(type.split(".")[1] ?? ""))).toEqual([]);
  });

  test("fits on two screens", () => {
    expect(read("../../README.md").split("\n").length).toBeLessThanOrEqual(121);
  });
});
