const preface = Buffer.from("PRI * HTTP/2.0\r\n");

/** So many bytes always decide. */
export const prefaceBytes = preface.length;

/** Whether a connection begins as HTTP/2 with prior knowledge (RFC 9113 3.4); undefined while it cannot be told. */
export function looksLikeHttp2(seen: Uint8Array): boolean | undefined {
  const length = Math.min(seen.length, preface.length);
  if (preface.compare(seen, 0, length, 0, length) !== 0) return false;
  return length === preface.length ? true : undefined;
}
