import { peerContract } from "@peerline/peer-connection/testing";
import { browserEnv } from "@peerline/peer-connection/testing/browser";

/** Runs one case of the contract in this page; resolves with why it failed, or with nothing. */
async function runCase(name: string): Promise<string | undefined> {
  const found = peerContract.find((one) => one.name === name);
  if (!found) return `there is no case "${name}"`;
  try {
    await found.run(browserEnv);
    return undefined;
  } catch (thrown) {
    // Firefox leaves the message out of the stack.
    return thrown instanceof Error ? `${thrown.message}\n${thrown.stack}` : String(thrown);
  }
}

Object.assign(window, { runCase });
