const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

/**
 * Reads turbo's output for what `npm start` waits for. One reader per stream, fed with chunks of text. It calls
 * `online` when the echo bot says so, `died` with the name of a part that has ended with an error, and
 * `crashedUnderWatch` with the name of one whose watcher waits for a change of its source.
 */
export function createDevLogReader(handlers) {
  let rest = "";
  return (text) => {
    const lines = (rest + text).replace(colours, "").split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      readLine(line, handlers);
    }
  };
}

function readLine(line, { online, died, crashedUnderWatch }) {
  if (/^@peerline\/bot:dev:.*\S is online/i.test(line)) {
    online();
  }
  const ended = /@peerline\/([\w-]+)#(dev|generate):.* command .* exited/.exec(line);
  if (ended !== null) {
    died(ended[2] === "dev" ? ended[1] : `generation in ${ended[1]}`);
  }
  const crashed = /^@peerline\/([\w-]+):dev: Failed running /.exec(line);
  if (crashed !== null) {
    crashedUnderWatch(crashed[1]);
  }
}
