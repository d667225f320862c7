import type { Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

/** Connect over `fetch`, in the binary format: JSON would drop fields of newer peers. PROTOCOL D12, 1.15. */
export function browserTransport(baseUrl: string): Transport {
  return createConnectTransport({ baseUrl, useBinaryFormat: true });
}
