import { dirname, join, normalize } from "node:path";
import { identifiersOf, importsOf } from "./source-facts.mjs";

/**
 * Who may import whom. `peerline` holds the specifiers of this repository, `others` those of npm packages (absent:
 * any), `typesOnly` what may be imported as a type only. A package matches with its subpaths.
 */
const arrows = {
  "packages/protocol": { peerline: [], others: ["@bufbuild/protobuf"] },
  "packages/call-machine": {
    peerline: ["@peerline/protocol"],
    others: ["xstate", "@bufbuild/protobuf"],
    pure: true,
  },
  "packages/signaling-client": {
    peerline: ["@peerline/call-machine", "@peerline/protocol"],
    others: ["@connectrpc/connect", "@bufbuild/protobuf"],
  },
  "packages/peer-connection": {
    peerline: ["@peerline/call-machine", "@peerline/protocol"],
    others: ["@bufbuild/protobuf"],
  },
  "packages/client": {
    peerline: [
      "@peerline/call-machine",
      "@peerline/peer-connection",
      "@peerline/protocol",
      "@peerline/signaling-client",
    ],
    others: ["@connectrpc/connect", "@connectrpc/connect-web", "@bufbuild/protobuf", "xstate"],
  },
  "apps/web": { peerline: ["@peerline/client"], typesOnly: ["@peerline/call-machine"] },
  "apps/bot": { peerline: ["@peerline/client"], typesOnly: ["@peerline/call-machine"] },
  "apps/server": {
    peerline: ["@peerline/call-machine/record", "@peerline/call-machine/wire", "@peerline/protocol"],
    typesOnly: ["@peerline/call-machine"],
  },
};

/** Folders of a package that are not part of what runs in an application. */
const besides = /^src\/(testing|docs|fuzz)\//;

/** What programs for the repository itself may share; an application has no use of it. */
const repositoryScript = /^(\.\.\/)+scripts\/[a-z-]+\.mjs$/;

/** What call-machine must get through its ports. */
const impureNames = new Set(
  `console crypto document fetch indexedDB localStorage location navigator performance process sessionStorage window
  clearImmediate clearInterval clearTimeout queueMicrotask requestAnimationFrame setImmediate setInterval setTimeout
  Buffer EventSource MediaStream RTCPeerConnection WebSocket Worker XMLHttpRequest
  Date.now Math.random`.split(/\s+/),
);

/**
 * The violations in one source file, one line each. `file` is `{ folder, path, text }`: its workspace's folder, its
 * path inside of it, its text. `subpathsOf(name)` gives the exports of a workspace's package.json, or undefined
 * when there is no such workspace.
 */
export function arrowViolations(file, subpathsOf) {
  const rule = arrows[file.folder] ?? {};
  const aside = besides.test(file.path);
  const at = (line) => `${file.folder}/${file.path}:${line}`;
  const imports = importsOf(file.text, file.path).flatMap((entry) =>
    [importTrouble(entry, { file, rule, aside, subpathsOf })]
      .filter((trouble) => trouble !== undefined)
      .map((trouble) => `${at(entry.line)} imports "${entry.specifier}": ${trouble}`),
  );
  const impure =
    rule.pure && !aside
      ? identifiersOf(file.text, file.path, impureNames).map(
          ({ name, line }) =>
            `${at(line)} uses ${name}: call-machine gets the outside world through its ports`,
        )
      : [];
  return [...imports, ...impure];
}

function importTrouble({ specifier, isType }, { file, rule, aside, subpathsOf }) {
  if (specifier.startsWith(".")) {
    const isForRepository = (aside || arrows[file.folder] === undefined) && repositoryScript.test(specifier);
    return escapes(file.path, specifier) && !isForRepository
      ? "the path leaves the workspace; import it by its package name"
      : undefined;
  }
  if (aside && /^@peerline\/[^/]+\/testing$/.test(specifier)) {
    return exportsTrouble(specifier, subpathsOf);
  }
  if (specifier.startsWith("@peerline/")) {
    return exportsTrouble(specifier, subpathsOf) ?? peerlineTrouble(specifier, isType, file.folder, rule);
  }
  if (rule.others === undefined || aside || matches(specifier, rule.others)) {
    return undefined;
  }
  return `${file.folder} may import ${rule.others.join(", ")} only`;
}

function peerlineTrouble(specifier, isType, folder, rule) {
  const own = `@peerline/${folder.split("/").at(-1)}`;
  if (rule.peerline === undefined || matches(specifier, [own, ...rule.peerline])) {
    return undefined;
  }
  if (matches(specifier, rule.typesOnly ?? [])) {
    return isType ? undefined : `${folder} may import types from it only (import type)`;
  }
  const allowed = [...rule.peerline, ...(rule.typesOnly ?? []).map((name) => `types of ${name}`)];
  return `${folder} may import ${allowed.join(", ") || "no other workspace"}`;
}

function exportsTrouble(specifier, subpathsOf) {
  const [scope, name, ...rest] = specifier.split("/");
  const subpaths = subpathsOf(`${scope}/${name}`);
  if (subpaths === undefined) {
    return "there is no such workspace";
  }
  const subpath = rest.length === 0 ? "." : `./${rest.join("/")}`;
  return subpaths.includes(subpath)
    ? undefined
    : `the package exports ${subpaths.join(", ") || "nothing"} only`;
}

function escapes(path, specifier) {
  return normalize(join(dirname(path), specifier)).startsWith("..");
}

function matches(specifier, names) {
  return names.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}
