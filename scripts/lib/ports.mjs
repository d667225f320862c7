import { createServer } from "node:net";

const highestPort = 65_535;

/**
 * The port that an environment variable names, or the usual one.
 * @throws Error with one line for the person when the variable holds no port.
 */
export function portFrom(env, variable, usual) {
  const text = env[variable];
  if (text === undefined || text === "") {
    return usual;
  }
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > highestPort) {
    throw new Error(`${variable}=${text} is not a port. Fix: a whole number from 1 to ${highestPort}.`);
  }
  return port;
}

/** Why a port cannot be listened on, as a system error code, or undefined when it is free. */
export async function portTrouble(port) {
  for (const host of ["127.0.0.1", "::1"]) {
    const code = await tryToListen(port, host);
    if (code === "EADDRINUSE" || code === "EACCES") {
      return code;
    }
  }
  return undefined;
}

function tryToListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(error.code));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
