// Installs what is missing, and only that: the packages, and with --browser what the
// end-to-end tests need: a Chromium, a Firefox, and the programs of the NAT lab.
// This file must parse on very old Nodes, so that they get a sentence and not a stack trace: no static imports.
const oldestMajor = 20;

if (Number(process.versions.node.split(".")[0]) < oldestMajor) {
  console.error(
    `Peerline needs Node ${oldestMajor} or newer, this is ${process.version}. Fix: install it from https://nodejs.org and run the command again.`,
  );
  process.exitCode = 2;
} else {
  import("./lib/setup.mjs")
    .then((module) => module.setup({ browser: process.argv.includes("--browser") }))
    .then((code) => {
      process.exitCode = code;
    });
}
