const stun = /^stuns?:(?:[^\s/,:?#@[\]]+|\[[\da-f:.]+\])(?::(?<port>\d{1,5}))?$/i;
const turn = /^turns?:(?:[^\s/,:?#@[\]]+|\[[\da-f:.]+\])(?::(?<port>\d{1,5}))?(?:\?transport=(?:udp|tcp))?$/i;
const maxPort = 65_535;

/** A browser refuses a whole configuration in which one URL is not this, and then no call begins. RFC 7064. */
export function isStunUrl(text: string): boolean {
  return isUrl(text, stun);
}

/** As `isStunUrl`, for TURN. RFC 7065. */
export function isTurnUrl(text: string): boolean {
  return isUrl(text, turn);
}

function isUrl(text: string, form: RegExp): boolean {
  const found = form.exec(text);
  if (!found) return false;
  const port = Number(found.groups?.port ?? 1);
  return port >= 1 && port <= maxPort;
}
