import { parseSync } from "vite";

/** The imports and re-exports of a TypeScript source: `{ specifier, isType, line }`. Throws when it cannot be parsed. */
export function importsOf(text, path) {
  const found = [];
  walk(parse(text, path), (node) => {
    const entry = importIn(node);
    if (entry !== undefined) {
      found.push({ ...entry, line: lineAt(text, node.start) });
    }
  });
  return found;
}

/**
 * Where a source uses one of `names` as a value: a global such as `fetch`, or a member such as `Date.now`. A name
 * that the file declares anywhere is its own and does not count.
 */
export function identifiersOf(text, path, names) {
  const program = parse(text, path);
  const declared = declaredNames(program);
  const found = [];
  walk(program, (node, parent, key) => {
    const name = usedName(node, parent, key);
    if (name !== undefined && names.has(name) && !declared.has(name.split(".")[0])) {
      found.push({ name, line: lineAt(text, node.start) });
    }
  });
  return found;
}

function importIn(node) {
  switch (node.type) {
    case "ImportDeclaration":
      return {
        specifier: node.source.value,
        isType: node.importKind === "type" || allTypes(node.specifiers, "importKind"),
      };
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return node.source
        ? {
            specifier: node.source.value,
            isType: node.exportKind === "type" || allTypes(node.specifiers, "exportKind"),
          }
        : undefined;
    case "ImportExpression":
      return { specifier: literal(node.source), isType: false };
    case "TSImportType":
      return { specifier: literal(node.source ?? node.argument), isType: true };
    default:
      return undefined;
  }
}

function allTypes(specifiers, kind) {
  return (
    specifiers !== undefined &&
    specifiers.length > 0 &&
    specifiers.every((specifier) => specifier[kind] === "type")
  );
}

function literal(node) {
  return typeof node?.value === "string" ? node.value : (node?.literal?.value ?? "(computed)");
}

/** `Date.now` for a member of a plain name, `fetch` for a plain name in a place where a value is read. */
function usedName(node, parent, key) {
  if (node.type === "MemberExpression" && !node.computed && node.object.type === "Identifier") {
    const name = node.object.name === "globalThis" ? undefined : `${node.object.name}.`;
    return name === undefined ? node.property.name : `${name}${node.property.name}`;
  }
  if (node.type !== "Identifier" || parent.type.startsWith("TS")) {
    return undefined;
  }
  const isKey = (key === "property" || key === "key") && !parent.computed;
  return isKey ? undefined : node.name;
}

function declaredNames(program) {
  const names = new Set();
  walk(program, (node) => {
    const targets = [node.id, node.local, node.param, ...(isFunction(node) ? node.params : [])];
    for (const target of targets) {
      addPattern(target, names);
    }
  });
  return names;
}

function isFunction(node) {
  return Array.isArray(node.params) && /Function/.test(node.type);
}

function addPattern(target, names) {
  if (target === null || target === undefined) {
    return;
  }
  if (target.type === "Identifier") {
    names.add(target.name);
    return;
  }
  const parts = [
    ...(target.properties ?? []).map((property) => property.value ?? property.argument),
    ...(target.elements ?? []),
    target.left,
    target.argument,
  ];
  for (const part of parts) {
    addPattern(part, names);
  }
}

/** The syntax tree of a TypeScript source. Throws when it cannot be parsed. */
export function parse(text, path) {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) {
    throw new Error(`${path} cannot be parsed: ${errors[0].message}`);
  }
  return program;
}

/** Calls `visit(node, parent, key)` for a node and everything below it. */
export function walk(node, visit, parent = { type: "" }, key = "") {
  visit(node, parent, key);
  for (const [name, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string") {
        walk(child, visit, node, name);
      }
    }
  }
}

function lineAt(text, offset) {
  return text.slice(0, offset).split("\n").length;
}
