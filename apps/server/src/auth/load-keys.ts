import { readFile, stat } from "node:fs/promises";
import { KeySetError, maxKeySetBytes } from "./key-set.ts";

/** The text of a file of keys. Throws `KeySetError`. */
export async function readKeyFile(file: string, signal: AbortSignal): Promise<string> {
  try {
    const { size, isFile } = await stat(file).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (!isFile) throw new KeySetError("are no regular file: point to one");
    if (size > maxKeySetBytes) throw tooLarge();
    return await readFile(file, { encoding: "utf8", signal });
  } catch (cause) {
    if (cause instanceof KeySetError) throw cause;
    throw new KeySetError(`cannot be read (${codeOf(cause)}): check the path and its permissions`);
  }
}

/** The text behind a URL. Throws `KeySetError`. */
export async function fetchKeys(url: string, signal: AbortSignal): Promise<string> {
  try {
    const headers = { accept: "application/jwk-set+json, application/json" };
    const response = await fetch(url, { signal, headers, redirect: "manual" });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new KeySetError(`were answered with HTTP ${response.status}: check the URL and its server`);
    }
    return await bodyOf(response);
  } catch (cause) {
    if (cause instanceof KeySetError) throw cause;
    throw new KeySetError(`cannot be fetched (${codeOf(cause)}): check the URL and its server`);
  }
}

async function bodyOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxKeySetBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function tooLarge(): KeySetError {
  return new KeySetError(`are more than ${maxKeySetBytes} bytes: check what is served there`);
}

/** A word such as ENOENT or ECONNREFUSED; never a text of somebody else's. */
function codeOf(reason: unknown): string {
  if (typeof reason !== "object" || reason === null) return "unknown";
  if ("code" in reason && typeof reason.code === "string") return reason.code;
  if ("cause" in reason && reason.cause !== undefined) return codeOf(reason.cause);
  return reason instanceof Error ? reason.name : "unknown";
}
