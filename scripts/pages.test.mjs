import { readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { blocksOf, isThere, pages, read } from "./lib/pages.mjs";
import { root } from "./lib/repo.mjs";
import { sizeInReadme } from "./lib/sizes-document.mjs";

/** Blocks of code that are no part of a file, and what runs them. */
const runElsewhere = new Map([
  ["packages/call-machine/README.md", "packages/call-machine/src/docs/docs.test.ts"],
]);
const code = new Set(["ts", "tsx", "js", "jsx", "mjs", "typescript", "javascript", "proto"]);
/** The other languages, and what looks at their blocks. */
const others = new Map([
  ["sh", "commands.test.mjs"],
  ["json", "commands.test.mjs, and packages/client/src/examples.test.ts"],
  ["diff", "below"],
  ["mermaid", "drawings"],
  ["", "drawings, and what a program prints"],
]);

/** Neither line breaks nor trailing commas: what a formatter may change. */
function bare(text) {
  return text.replace(/\s+/g, "").replace(/,(?=[)\]}])/g, "");
}

describe.each(pages)("%s", (page) => {
  test("has no block of a language that nothing checks", () => {
    const languages = blocksOf(page).map(({ language }) => language);
    expect(languages.filter((language) => !code.has(language) && !others.has(language))).toEqual([]);
  });

  test("shows nothing but code of a file that is compiled", () => {
    const blocks = runElsewhere.has(page) ? [] : blocksOf(page).filter(({ language }) => code.has(language));
    for (const { how, path, code: shown } of blocks) {
      const advice = `the block needs a line <!-- file: … --> or <!-- part of: … --> above it:\n${shown}`;
      expect(path, advice).toBeDefined();
      const source = bare(read(path));
      if (how === "file") {
        expect(bare(shown), path).toBe(source);
      } else {
        expect(source, path).toContain(bare(shown));
      }
    }
  });

  test("links to nothing that is not there", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to]) => to);
    expect(links.filter((to) => !isThere(normalize(join(dirname(page), to))))).toEqual([]);
  });

  test("names no file of the repository that is not there", () => {
    const paths = [
      ...read(page).matchAll(/`((?:apps|packages|docs|e2e|proto|reliability|scripts)\/[\w./-]+)`/g),
    ].map(([, path]) => path);
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });
});

test("every example is shown on some page", () => {
  const text = pages.map(read).join("\n");
  const files = readdirSync(join(root, "packages/client/examples"));
  expect(files.filter((file) => !text.includes(`<!-- file: packages/client/examples/${file}`))).toEqual([]);
});

/** The names in the first cells of a page's tables. */
function namesInTables(page) {
  const rows = [...read(page).matchAll(/^\| (`.*?) \|/gm)];
  return new Set(rows.flatMap(([, cell]) => [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name)));
}

/** The members of an interface, read from its source. */
function membersOf(path, name) {
  const [, body] = read(path).split(`export interface ${name} {`);
  const [members] = body.split("\n}");
  return [...members.matchAll(/^ {2}(?:readonly )?(\w+)\??[(<:]/gm)].map(([, member]) => member);
}

test.each([
  ["packages/client/README.md", "packages/client/src/peerline.ts", "Peerline"],
  ["packages/client/README.md", "packages/client/src/peerline.ts", "PeerlineOptions"],
  ["docs/embed.md", "packages/call-machine/src/view.ts", "SessionView"],
  ["docs/operate.md", "apps/server/src/policy.ts", "Policy"],
  [
    "packages/signaling-client/README.md",
    "packages/signaling-client/src/options.ts",
    "SignalingSessionOptions",
  ],
])("%s lists all members that %s has for %s", (page, source, name) => {
  const members = membersOf(source, name);
  const named = namesInTables(page);
  expect(members.length).toBeGreaterThan(3);
  expect(members.filter((member) => !named.has(member))).toEqual([]);
});

/** The words of a union, read from its source. */
function wordsOf(path, name) {
  const [, rest] = read(path).split(`export type ${name} =`);
  const [union] = rest.split(";");
  return [...union.matchAll(/\| "([\w-]+)"/g)].map(([, word]) => word);
}

test.each([
  ["packages/signaling-client/README.md", "packages/call-machine/src/ports.ts", "SessionStopCode"],
  ["docs/embed.md", "packages/call-machine/src/ports.ts", "LinkTroubleCode"],
  ["packages/peer-connection/README.md", "packages/peer-connection/src/peer-error.ts", "PeerErrorCode"],
])("%s names every word that %s has for %s", (page, source, name) => {
  const words = wordsOf(source, name);
  const text = read(page);
  expect(words.length).toBeGreaterThan(3);
  expect(words.filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
});

test("the page about the protocol names every error, command and event of the schema", () => {
  const schema = ["error", "signal"]
    .map((name) => read(`proto/peerline/signaling/v1/${name}.proto`))
    .join("\n");
  const errors = [...schema.matchAll(/^ {2}ERROR_CODE_(\w+) = [1-9]/gm)].map(([, word]) => word);
  const parts = [...schema.matchAll(/^ {4}(\w+) \w+ = \d+;/gm)].map(([, word]) => word);
  const page = read("docs/protocol.md");
  expect([errors.length > 10, parts.length > 20]).toEqual([true, true]);
  expect([...errors, ...parts].filter((word) => !new RegExp(`\\b${word}\\b`).test(page))).toEqual([]);
});

test("the size in the README is the one in docs/sizes.md", () => {
  expect(read("README.md")).toContain(sizeInReadme(read("docs/sizes.md")));
});

describe("the page about extending the protocol", () => {
  const diffs = blocksOf("docs/extend.md").filter(({ language }) => language === "diff");

  /** The first number that a message of the schema has not used. */
  function nextNumber(message) {
    const [, body] = read("proto/peerline/signaling/v1/signal.proto").split(`message ${message} {`);
    const [fields] = body.split("\n}");
    return Math.max(...[...fields.matchAll(/ = (\d+)[; ]/g)].map(([, number]) => Number(number))) + 1;
  }

  test("gives its new message field numbers that are free", () => {
    const next = ["Command", "Event"].map(nextNumber);
    const given = diffs.flatMap(({ code: text }) => [
      ...text.matchAll(/^\+ {4}Reaction reaction = (\d+);/gm),
    ]);
    expect(given.map(([, number]) => Number(number))).toEqual(next);
    expect(read("docs/extend.md")).toContain(
      `\`Command.action\` goes on at ${next[0]}, \`Event.body\` at ${next[1]}`,
    );
  });

  test("counts its lines right", () => {
    const added = diffs.map(
      ({ code: text }) => text.split("\n").filter((line) => line.startsWith("+")).length,
    );
    const [schema, ...rest] = added;
    const screen = rest.pop();
    const libraries = rest.reduce((sum, count) => sum + count, 0);
    const text = `New or changed lines: ${schema} of schema, ${libraries} in the libraries and the server, ${screen - 2} in the web client, 2 in its test doubles.`;
    expect(read("docs/extend.md")).toContain(text);
  });

  test("changes files that are there, and takes away lines that they have", () => {
    const parts = diffs.flatMap(({ code: text }) => text.split(/^@@ /m).slice(1));
    expect(parts.length).toBeGreaterThan(10);
    for (const part of parts) {
      const [path, ...lines] = part.split("\n");
      const gone = lines.filter((line) => line.startsWith("-")).map((line) => line.slice(1));
      const source = read(path);
      expect([path, gone.filter((line) => !source.includes(line))]).toEqual([path, []]);
    }
  });
});
