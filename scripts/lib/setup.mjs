import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findChromium } from "../chromium.mjs";
import { findFirefox } from "../firefox.mjs";
import { adviceFor, browserPackages, browsers, isMissing } from "./browsers.mjs";
import { labPrograms, missingPackages } from "./lab-programs.mjs";
import { installedByHand, packagesAreInstalled, rememberInstalled } from "./packages.mjs";
import { toolEnv, toolFolder, withoutToolFolders } from "./repo.mjs";
import { run, seconds } from "./run.mjs";

const ownNodeMajor = 26;
const networkTrouble =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|network request|Temporary failure resolving|Could not resolve|Could not connect|Failed to fetch/i;

/** A thing that setup could not do: one line for the person, with the fix. */
class SetupError extends Error {}

/** Installs what is missing. Silent when nothing is. Gives the exit code: 0, or 1 after one line that says why. */
export async function setup({ browser }) {
  try {
    await installLibraries();
    await installPackages();
    if (browser) {
      await installPrograms();
    }
    return 0;
  } catch (error) {
    console.error(error instanceof SetupError ? `setup: ${error.message}` : error);
    return 1;
  }
}

/** Where Debian, Fedora and their kin keep the one library that the repository's own Node needs beside the C ones. */
const libatomicPaths = [
  "/usr/lib/x86_64-linux-gnu/libatomic.so.1",
  "/usr/lib/aarch64-linux-gnu/libatomic.so.1",
  "/lib/x86_64-linux-gnu/libatomic.so.1",
  "/lib/aarch64-linux-gnu/libatomic.so.1",
  "/usr/lib64/libatomic.so.1",
  "/usr/lib/libatomic.so.1",
];

/** A minimal Debian has no libatomic, without which the repository's own Node does not start. */
async function installLibraries() {
  if (process.platform !== "linux" || libatomicPaths.some((path) => existsSync(path))) {
    return;
  }
  const advice = "Fix: install libatomic (Debian: libatomic1) with the package manager of this system.";
  if (!existsSync("/usr/bin/apt-get")) {
    console.log(`setup: libatomic.so.1 was not found. ${advice}`);
    return;
  }
  console.log("setup: installing libatomic1 with apt-get …");
  await asRoot(["apt-get", "update"], advice, "libatomic1");
  await asRoot(["apt-get", "install", "-y", "--no-install-recommends", "libatomic1"], advice, "libatomic1");
}

async function installPackages() {
  if (packagesAreInstalled()) {
    return;
  }
  if (!installedByHand()) {
    const startedAt = Date.now();
    console.log("setup: installing the packages of package-lock.json (npm ci), about a minute …");
    await installFromLock();
    console.log(`setup: packages installed in ${seconds(startedAt)}`);
  }
  await requireTool({
    name: "Node",
    command: "node",
    isRight: (version) => Number(/^v(\d+)/.exec(version)?.[1]) >= ownNodeMajor,
    from: "node",
  });
  await requireTool({
    name: "buf",
    command: "buf",
    isRight: (version) => /^\d+\.\d+/.test(version),
    from: "@bufbuild/buf",
  });
  rememberInstalled();
}

async function installFromLock() {
  const options = ["ci", "--loglevel=error", "--no-audit", "--no-fund", "--fetch-retry-mintimeout=2000"];
  const first = await run("npm", options, { env: machineEnv() });
  if (first.code === 0) {
    return;
  }
  refuseWithoutNetwork(first.output, "the packages");
  const other = (await npmMajor()) >= 11 ? "npm@10" : "npm@11";
  console.log(`setup: this npm could not install them, trying ${other} …`);
  const second = await run("npx", ["--yes", other, ...options], { env: machineEnv() });
  if (second.code !== 0) {
    refuseWithoutNetwork(second.output, "the packages");
    throw new SetupError(`npm ci failed: ${reasonIn(first.output)}. Fix: run "npm ci" to see all of it.`);
  }
}

/** Some npm settings block the install scripts of packages; then the one that brings the tool is run here. */
async function requireTool({ name, command, isRight, from }) {
  const version = () => run(join(toolFolder, command), ["--version"]);
  if (isRight((await version()).output.trim())) {
    return;
  }
  const rebuild = ["rebuild", "--ignore-scripts=false", "--loglevel=error", from];
  const { output } = await run("npm", rebuild, { env: machineEnv() });
  const repaired = await version();
  if (!isRight(repaired.output.trim())) {
    refuseWithoutNetwork(output, `the repository's own ${name}`);
    throw new SetupError(
      `the repository's own ${name} does not run: ${reasonIn(repaired.output)}. Fix: allow install scripts (npm config set ignore-scripts false), delete node_modules, run again.`,
    );
  }
}

/**
 * What the tests need of the system beside Node: a Chromium, a Firefox, and what the networks of `e2e/lab` are made of.
 * One call of apt-get brings all that is missing. Without a Chromium there is nothing to go on with; without the rest the
 * other tests run, and those that need it fail by themselves with the fix.
 */
async function installPrograms() {
  const missing = missingBrowsers();
  const lab = missingLabPrograms();
  if (missing.length + lab.length === 0) {
    return;
  }
  const advice =
    missing.length > 0 ? adviceFor(missing[0]) : `Fix: install ${lab.join(", ")} (Debian's names).`;
  try {
    await installWithApt(missing, lab, advice);
    const [lost] = missingBrowsers();
    if (lost !== undefined) {
      throw new SetupError(`apt-get installed ${lost}, but it is at no known path. ${adviceFor(lost)}`);
    }
  } catch (error) {
    if (missing.includes("Chromium") || !(error instanceof SetupError)) {
      throw error;
    }
    const failing = [
      ...missing.map((browser) => `the tests in ${browser}`),
      ...(lab.length > 0 ? ["the NAT lab"] : []),
    ];
    console.log(`setup: ${failing.join(" and ")} will fail: ${error.message}`);
    return;
  }
  if (lab.includes("coturn")) {
    await leaveServiceOff("coturn");
  }
}

function missingBrowsers() {
  const found = { Chromium: findChromium(), Firefox: findFirefox() };
  try {
    return Object.keys(browsers).filter((browser) => isMissing(browser, found[browser], process.env));
  } catch (error) {
    throw new SetupError(error.message);
  }
}

/** The lab is Linux's alone. */
function missingLabPrograms() {
  return process.platform === "linux" ? missingPackages(labPrograms, isInstalled) : [];
}

function isInstalled(program) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin", "/usr/bin"];
  return folders.some((folder) => existsSync(join(folder, program)));
}

async function installWithApt(missing, lab, advice) {
  const first = [...browserPackages(missing, () => true), ...lab].join(", ");
  if (!existsSync("/usr/bin/apt-get")) {
    throw new SetupError(`missing: ${first}, and there is no apt-get to install them with. ${advice}`);
  }
  const startedAt = Date.now();
  console.log(`setup: installing ${first} with apt-get, about a minute …`);
  await asRoot(["apt-get", "update"], advice, first);
  const known = await knownPackages(missing.flatMap((browser) => browsers[browser].packages));
  const packages = [...browserPackages(missing, (name) => known.has(name)), ...lab];
  await asRoot(
    ["apt-get", "install", "-y", "--no-install-recommends", ...packages],
    advice,
    packages.join(", "),
  );
  console.log(`setup: installed in ${seconds(startedAt)}`);
}

async function knownPackages(names) {
  const known = new Set();
  for (const name of names) {
    if ((await run("apt-cache", ["show", name], { env: machineEnv() })).code === 0) {
      known.add(name);
    }
  }
  return known;
}

/** Debian starts the services it installs. Tests start their own, and nobody asked for one that stays. */
async function leaveServiceOff(service) {
  if (existsSync("/run/systemd/system")) {
    await asRoot(["systemctl", "disable", "--now", service], "Fix: nothing to do.", service);
  }
}

async function asRoot(command, advice, what) {
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const [program, ...args] = [...sudo, "env", "DEBIAN_FRONTEND=noninteractive", ...command];
  const { code, output } = await run(program, args, { env: machineEnv() });
  if (code === 0) {
    return;
  }
  refuseWithoutNetwork(output, what);
  const byHand = `sudo ${command.filter((word) => word !== "-y").join(" ")}`;
  throw new SetupError(
    `could not run "${byHand}": ${reasonIn(output)}. Fix: run it yourself, or ${advice.slice(5)}`,
  );
}

/** Without the repository's tools: npm must not run on a Node that it is about to replace. */
function machineEnv() {
  return toolEnv({ PATH: withoutToolFolders(process.env.PATH ?? "") });
}

async function npmMajor() {
  return Number.parseInt((await run("npm", ["--version"], { env: machineEnv() })).output, 10);
}

function refuseWithoutNetwork(output, what) {
  if (networkTrouble.test(output)) {
    throw new SetupError(
      `could not fetch ${what}: the network did not answer. Fix: connect, or set the proxy or registry, and run again.`,
    );
  }
}

function reasonIn(output) {
  const lines = output.split("\n").map((line) => line.replace(/^npm error\s*/, "").trim());
  return lines.find((line) => line !== "" && !/^code |^npm warn/.test(line)) ?? "it printed nothing";
}
