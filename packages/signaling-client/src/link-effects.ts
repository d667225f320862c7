import { link } from "./link.ts";
import type { LinkCommand, LinkInput } from "./link-state.ts";
import { openCarrier } from "./open-carrier.ts";
import { deliver, type Runtime } from "./runtime.ts";
import { abandon } from "./sender.ts";
import { troubleText } from "./trouble.ts";

/** One step of the link with what it decides carried out, in order. */
export function dispatch(runtime: Runtime, input: LinkInput): void {
  const { clock, random } = runtime.options;
  const [state, commands] = link(runtime.link, input, {
    now: clock.now(),
    random: random(),
    tokenUsable: runtime.keeper.usable(),
    timing: runtime.timing,
  });
  runtime.link = state;
  for (const command of commands) execute(runtime, command);
}

function onInterrupted(
  runtime: Runtime,
  { retryInMs, reason }: Extract<LinkCommand, { type: "interrupted" }>,
): void {
  const { logger, address } = runtime.options;
  logger?.info("signaling is down", { retryInMs, ...reason });
  deliver(runtime, { type: "interrupted", retryInMs, code: reason.code, text: troubleText(reason, address) });
}

function execute(runtime: Runtime, command: LinkCommand): void {
  const { logger } = runtime.options;
  switch (command.type) {
    case "open":
      openCarrier(runtime, command);
      break;
    case "close":
      runtime.streams.get(command.stream)?.close();
      runtime.streams.delete(command.stream);
      break;
    case "getToken":
      runtime.keeper.fetch();
      break;
    case "interrupted":
      onInterrupted(runtime, command);
      break;
    case "stopped":
      logger?.info("signaling stopped", { code: command.code, text: command.text });
      abandon(runtime.sender);
      deliver(runtime, command);
      break;
  }
}
