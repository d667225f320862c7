import { parse, walk } from "./source-facts.mjs";

/** Calls that leave the process, or the hands of this code, although an interface of its own may stand for them. */
const outside = [
  /^fetch$/,
  /\.(createOffer|createAnswer|setLocalDescription|setRemoteDescription|addIceCandidate|replaceTrack|getStats)$/,
  /\.(generateCertificate|getUserMedia|getDisplayMedia|enumerateDevices|arrayBuffer|text|json)$/,
  /\b(audio|video|media|element|current)\.play$/i,
  /\bcontext\.resume$/i,
  /\bclient\.(receive|poll|send|getIceServers|reauthenticate|detach)$/,
  /\btransport\.(unary|stream)$/,
  /\block\w*\.request$/i,
  /\.(getToken|mayCall|mayRelay|maySeePresence|contactsOf|transact)$/,
];

/** Where the platform begins. */
const platform =
  /^(navigator|document|window|globalThis|crypto|caches|indexedDB|Notification|RTCPeerConnection)\b/;

const stateName = /(State|Phase|Plan|Status|Seat)$/;
const settling = new Set(["then", "catch", "finally"]);
const combining = new Set(["all", "allSettled", "any", "race"]);

/** Every name that a source declares: functions, variables, parameters, members. */
export function declaredIn(text, path) {
  const names = new Set();
  const add = (node) => {
    if (node?.type === "Identifier") names.add(node.name);
  };
  walk(parse(text, path), (node) => {
    if (/^(TS)?(Method|Property|Abstract|Accessor)/.test(node.type)) add(node.key);
    if (/Function|Declarator/.test(node.type)) add(node.id);
    for (const parameter of /Function/.test(node.type) ? (node.params ?? []) : []) add(parameter);
  });
  return names;
}

/**
 * What a source waits for that this code does not decide, by name, each once: promises that it makes by hand, streams that
 * it reads, modules that it loads, calls of the platform and of the application, and whatever else it awaits that no
 * source declares (`own`: the declared names of all sources).
 */
export function outsideWaits(text, path, own) {
  const found = new Set();
  const declared = declaredIn(text, path);
  walk(parse(text, path), (node) => {
    const name = handMade(node) ?? outsideCall(node, text, declared) ?? foreignCall(node, text, own);
    if (name !== undefined) found.add(name);
  });
  return [...found].sort();
}

/** The unions of names in a source that are states by what they are called: `LinkPhase`, `TabState`. */
export function stateUnionsIn(text, path) {
  const found = [];
  walk(parse(text, path), (node) => {
    const isUnion = node.type === "TSTypeAliasDeclaration" && node.typeAnnotation.type === "TSUnionType";
    if (isUnion && stateName.test(node.id.name) && literalsOf(node.typeAnnotation).length > 0)
      found.push(node.id.name);
  });
  return found;
}

/** The members of a union type of a source: of texts, or of objects by their first member. `A.b` is the type of a member. */
export function membersOf(text, path, name) {
  const [typeName, member] = name.split(".");
  const found = [];
  walk(parse(text, path), (node) => {
    if (/^TS(TypeAlias|Interface)Declaration$/.test(node.type) && node.id.name === typeName) {
      const body = node.typeAnnotation ?? node.body;
      found.push(...literalsOf(member === undefined ? body : memberType(body, member)));
    }
  });
  if (found.length === 0) throw new Error(`${path} has no union of names called ${name}`);
  return found;
}

/** The number that a source gives this name, as a constant or as a member: `60 * second`. Throws when there is none. */
export function constantOf(text, path, name) {
  const values = new Map();
  walk(parse(text, path), (node) => {
    const [key, value] =
      node.type === "VariableDeclarator"
        ? [node.id, node.init]
        : node.type === "Property"
          ? [node.key, node.value]
          : [];
    if (key?.type === "Identifier" && value && !values.has(key.name)) {
      const number = numberOf(value, values);
      if (number !== undefined) values.set(key.name, number);
    }
  });
  if (!values.has(name)) throw new Error(`${path} gives no number to ${name}`);
  return values.get(name);
}

function handMade(node) {
  if (node.type === "ForOfStatement" && node.await) return "for await";
  if (node.type === "ImportExpression") return `import ${node.source.value ?? ""}`.trim();
  if (node.type === "NewExpression" && node.callee.name === "Promise") return "new Promise";
  const isMember = node.type === "MemberExpression" && node.object.name === "Promise";
  return isMember && node.property.name === "withResolvers" ? "new Promise" : undefined;
}

function outsideCall(node, text, declared) {
  if (node.type !== "CallExpression" || declared.has(node.callee.name)) return undefined;
  const callee = text
    .slice(node.callee.start, node.callee.end)
    .replaceAll(/\?\.|\s/g, (part) => (part === "?." ? "." : ""));
  return outside.some((pattern) => pattern.test(callee)) ? nameOf(node.callee) : undefined;
}

function foreignCall(node, text, own) {
  const awaited =
    node.type === "AwaitExpression"
      ? node.argument
      : node.type === "CallExpression" && settling.has(node.callee.property?.name)
        ? node.callee.object
        : undefined;
  const name = awaited && nameOfAwaited(awaited);
  if (name === undefined || settling.has(name) || combining.has(name)) return undefined;
  return own.has(name) && !platform.test(text.slice(awaited.start)) ? undefined : name;
}

function nameOfAwaited(node) {
  const inner = /^(Parenthesized|Chain|TSAs|TSNonNull)Expression$/.test(node.type) ? node.expression : node;
  if (inner !== node) return nameOfAwaited(inner);
  return node.type === "CallExpression" ? nameOf(node.callee) : undefined;
}

function nameOf(callee) {
  return callee.type === "Identifier" ? callee.name : callee.property?.name;
}

function memberType(body, member) {
  const members = body.body ?? body.members ?? [];
  return members.find(({ key }) => key?.name === member)?.typeAnnotation?.typeAnnotation;
}

function literalsOf(type) {
  if (type === undefined) return [];
  if (type.type === "TSUnionType") return type.types.flatMap(literalsOf);
  if (type.type === "TSLiteralType") return [type.literal.value];
  const first = type.members?.[0]?.typeAnnotation?.typeAnnotation;
  return first?.type === "TSLiteralType" ? [first.literal.value] : [];
}

function numberOf(node, known) {
  if (node.type === "Literal") return typeof node.value === "number" ? node.value : undefined;
  if (node.type === "Identifier") return known.get(node.name);
  if (node.type !== "BinaryExpression") return undefined;
  const [left, right] = [numberOf(node.left, known), numberOf(node.right, known)];
  if (left === undefined || right === undefined) return undefined;
  const results = {
    "*": left * right,
    "+": left + right,
    "-": left - right,
    "/": left / right,
    "**": left ** right,
  };
  return results[node.operator];
}
