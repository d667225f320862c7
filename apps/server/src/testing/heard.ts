import type { TestEndpoint } from "./endpoint.ts";

/** Every event of an endpoint so far by its kind, without waiting for one that may not come. */
export async function heard(endpoint: TestEndpoint): Promise<readonly (string | undefined)[]> {
  const { topOffset } = await endpoint.sendRaw([]);
  while (endpoint.events.length < Number(topOffset)) await endpoint.frame("event");
  return endpoint.events.map(({ body }) => body.case);
}
