import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from "xstate";

/** A machine's chart as a Mermaid `stateDiagram-v2`: compound states as boxes, one arrow for each pair of states. */
export function mermaidOf(machine: AnyStateMachine): string {
  const { root } = machine;
  const lines = [
    "stateDiagram-v2",
    ...initialOf(root, "  "),
    ...childrenOf(root).flatMap((node) => box(node, "  ")),
  ];
  return [...lines, ...arrows(root)].join("\n");
}

function childrenOf(node: AnyStateNode): readonly AnyStateNode[] {
  return Object.values(node.states);
}

function descendantsOf(node: AnyStateNode): readonly AnyStateNode[] {
  return childrenOf(node).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** States of the same name in different places must not meet: an id is the whole path. */
function idOf(node: AnyStateNode): string {
  return node.path.join("_");
}

function initialOf(node: AnyStateNode, indent: string): readonly string[] {
  const [target] = node.initial?.target ?? [];
  return target ? [`${indent}[*] --> ${idOf(target)}`] : [];
}

function box(node: AnyStateNode, indent: string): readonly string[] {
  const name = `${indent}state "${node.key}" as ${idOf(node)}`;
  const children = childrenOf(node);
  if (children.length === 0) {
    return node.type === "final" ? [name, `${indent}${idOf(node)} --> [*]`] : [name];
  }
  const inner = `${indent}  `;
  return [
    `${name} {`,
    ...initialOf(node, inner),
    ...children.flatMap((child) => box(child, inner)),
    `${indent}}`,
  ];
}

/** Arrows from one state to another, with everything that leads that way; what stays in its state has none. */
function arrows(root: AnyStateNode): readonly string[] {
  const labels = new Map<string, string[]>();
  for (const node of descendantsOf(root)) {
    for (const transition of transitionsOf(node)) {
      for (const [from, to] of endsOf(node, transition)) {
        const arrow = `${idOf(from)} --> ${idOf(to)}`;
        labels.set(arrow, [...(labels.get(arrow) ?? []), labelOf(node, transition)]);
      }
    }
  }
  return [...labels].map(([arrow, events]) => `  ${arrow} : ${[...new Set(events)].join("<br/>")}`);
}

function transitionsOf(node: AnyStateNode): readonly AnyTransitionDefinition[] {
  return [...node.transitions.values()].flat().concat(node.always ?? []);
}

type Ends = readonly (readonly [AnyStateNode, AnyStateNode])[];

/** An arrow from a box into itself cannot be drawn: it starts at each state inside that does not decide otherwise. */
function endsOf(node: AnyStateNode, transition: AnyTransitionDefinition): Ends {
  const [target] = transition.target ?? [];
  if (!target) return [];
  if (!descendantsOf(node).includes(target)) return [[node, target]];
  const inside = childrenOf(node).filter((child) => !decides(child, transition.eventType));
  return inside.map((child) => [child, target] as const);
}

function decides(node: AnyStateNode, eventType: string): boolean {
  return (node.transitions.get(eventType) ?? []).some(({ guard }) => guard === undefined);
}

function labelOf(node: AnyStateNode, { eventType, guard }: AnyTransitionDefinition): string {
  const name = eventType === "" ? "at once" : eventType;
  if (typeof guard === "string") return `${name} [${guard}]`;
  const choices = transitionsOf(node).filter((other) => other.eventType === eventType);
  return choices.length > 1 ? `${name} [otherwise]` : name;
}
