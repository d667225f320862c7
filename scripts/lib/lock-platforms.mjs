/**
 * A lock file made where a registry did not serve other platforms' packages leaves them out, and `npm ci` then
 * refuses it, or installs nothing that runs on those platforms. These functions name them again.
 */

const systems = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const systemAliases = { windows: "win32" };
const processors = [
  "arm",
  "arm64",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];
const processorAliases = { 64: "x64", aarch64: "arm64", armv7: "arm" };
const libraries = { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" };

/**
 * The `os`, `cpu` and `libc` that a platform package's name speaks of: "@biomejs/cli-linux-x64-musl" is for
 * linux, x64, musl.
 */
export function platformOf(name) {
  const words = name.slice(name.lastIndexOf("/") + 1).split("-");
  const find = (known, aliases) =>
    words.map((word) => aliases[word] ?? word).find((word) => known.includes(word));
  const os = find(systems, systemAliases);
  const cpu = find(processors, processorAliases);
  const libc = words.map((word) => libraries[word]).find((library) => library !== undefined);
  return {
    ...(cpu && { cpu: [cpu] }),
    ...(libc && { libc: [libc] }),
    ...(os && { os: [os] }),
  };
}

/** Optional packages pinned to one version that a lock file asks for and has no entry for: path to entry. */
export function missingPlatforms(lock) {
  const missing = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!/^\d+\.\d+\.\d+[\w.-]*$/.test(version) || hasEntry(lock, path, name)) {
        continue;
      }
      missing[`node_modules/${name}`] = entryFor(name, version, entry.dev === true);
    }
  }
  return missing;
}

/** The lock file with those entries in it, in npm's order. */
export function completeLock(lock) {
  const all = { ...lock.packages, ...missingPlatforms(lock) };
  const paths = Object.keys(all).sort((a, b) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(paths.map((path) => [path, all[path]])) };
}

function entryFor(name, version, dev) {
  const { cpu, libc, os } = platformOf(name);
  return {
    version,
    ...(cpu && { cpu }),
    ...(dev && { dev }),
    ...(libc && { libc }),
    optional: true,
    ...(os && { os }),
  };
}

function hasEntry(lock, path, name) {
  for (let folder = path; ; folder = parentOf(folder)) {
    if (lock.packages[`${folder}${folder === "" ? "" : "/"}node_modules/${name}`] !== undefined) {
      return true;
    }
    if (folder === "") {
      return false;
    }
  }
}

function parentOf(path) {
  const end = path.lastIndexOf("/node_modules/");
  return end === -1 ? "" : path.slice(0, end);
}
