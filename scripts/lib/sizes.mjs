import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { root } from "./repo.mjs";
import { workspaces } from "./workspaces.mjs";

const quiet = { logLevel: "silent", clearScreen: false };

/** Bytes of code, minified and with gzip. */
function sizeOf(chunks) {
  const codes = chunks.map(({ code }) => Buffer.from(code));
  return {
    minBytes: codes.reduce((total, code) => total + code.length, 0),
    gzipBytes: codes.reduce((total, code) => total + gzipSync(code, { level: 9 }).length, 0),
  };
}

/**
 * The scripts of the web client: `first`, what its page loads before it shows anything (the entry with all static
 * imports), and `signedIn`, that with everything a signed-in page loads; the lab is a page of its own.
 */
export async function sizesOfWeb() {
  const webRoot = join(root, "apps", "web");
  const config = { root: webRoot, configFile: join(webRoot, "vite.config.ts"), build: { write: false } };
  const chunks = chunksOf(await build({ ...quiet, ...config }));
  const lab = chunks.filter(({ name }) => name.startsWith("lab"));
  return {
    first: sizeOf(staticChunks(chunks)),
    signedIn: sizeOf(chunks.filter((chunk) => !lab.includes(chunk))),
  };
}

/** Every published package, each export by itself: its own code, and its code with all dependencies. */
export async function packageSizes() {
  const sizes = [];
  for (const { folder, manifest } of workspaces().filter(isPublished)) {
    for (const [subpath, entry] of Object.entries(manifest.exports)) {
      const file = join(root, folder, entryFile(entry));
      sizes.push({
        name: subpath === "." ? manifest.name : `${manifest.name}/${subpath.slice(2)}`,
        own: sizeOf(await bundle(file, isPackageName)),
        whole: sizeOf(await bundle(file, isNodeModule)),
      });
    }
  }
  return sizes;
}

/** The entry chunks of a build, with everything they import statically. */
export function staticChunks(chunks) {
  const found = new Set(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
  for (const fileName of found) {
    for (const imported of chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? []) {
      found.add(imported);
    }
  }
  return chunks.filter((chunk) => found.has(chunk.fileName));
}

function isPublished({ manifest }) {
  return manifest.private !== true;
}

/** An export is a path, or an object of conditions whose source comes first. */
function entryFile(entry) {
  return typeof entry === "string" ? entry : Object.values(entry)[0];
}

async function bundle(file, external) {
  const output = await build({
    ...quiet,
    root,
    configFile: false,
    publicDir: false,
    build: {
      write: false,
      minify: true,
      target: "es2024",
      modulePreload: false,
      rolldownOptions: { input: file, external, preserveEntrySignatures: "strict" },
    },
  });
  return staticChunks(chunksOf(output));
}

function isPackageName(specifier) {
  return !specifier.startsWith(".") && !specifier.startsWith("/") && !specifier.startsWith("\0");
}

function isNodeModule(specifier) {
  return specifier.startsWith("node:");
}

function chunksOf(result) {
  const outputs = Array.isArray(result) ? result : [result];
  return outputs.flatMap(({ output }) => output).filter((item) => item.type === "chunk");
}
