/** What a network needs to know of one end to tell whether it reaches another. */
export interface FakeEnd {
  /** The ICE credentials of the finished exchange; `undefined` before the first. */
  readonly localUfrag: string | undefined;
  readonly remoteUfrag: string | undefined;
  /** Candidates of the peer's present ICE generation have been added. */
  readonly knowsCandidates: boolean;
}

/** Whether two ends described each other and know where the other is. */
export function areConnectable(a: FakeEnd, b: FakeEnd): boolean {
  const described = a.localUfrag !== undefined && b.localUfrag !== undefined;
  const mirrored = a.localUfrag === b.remoteUfrag && a.remoteUfrag === b.localUfrag;
  return described && mirrored && a.knowsCandidates && b.knowsCandidates;
}
