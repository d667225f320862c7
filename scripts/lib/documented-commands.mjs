import { blocksOf, pages, spansOf } from "./pages.mjs";

/** What a command on a page begins with, behind variables of its own. */
const firstWord =
  /^(?:[A-Z_]+=\S+ )*(?:npm|npx|node|cd|git|curl|buf|vitest|playwright|docker|sudo|apt-get|peerline-\w+)(?: |$)/;
const shells = new Set(["sh", "bash", "console", "shell"]);

/**
 * Every command of every page, as written: the lines of its shell blocks, without their comments, and the commands in its sentences.
 * A page of `scripts` is one script over all its blocks instead.
 */
export function documentedCommands(scripts) {
  const found = pages.flatMap((page) => [
    ...(scripts.has(page) ? [] : shellBlocks(page).flatMap(linesOf)),
    ...spansOf(page).filter((text) => firstWord.test(text) && text.includes(" ")),
  ]);
  return [...new Set(found)];
}

/** The shell blocks of a page. */
export function shellBlocks(page) {
  return blocksOf(page)
    .filter(({ language }) => shells.has(language))
    .map(({ code }) => code);
}

function linesOf(code) {
  return code
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/\s+#\s.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}
