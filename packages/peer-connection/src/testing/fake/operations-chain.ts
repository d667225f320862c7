/**
 * The operations chain of https://www.w3.org/TR/webrtc/#dfn-operations-chain: one at a time, each takes a step of the
 * schedule, and none settles once `isClosed`.
 */
export function createOperationsChain(
  schedule: (run: () => void) => void,
  isClosed: () => boolean,
): <T>(run: () => T) => Promise<T> {
  let chain: Promise<unknown> = Promise.resolve();
  return (run) => {
    const result = chain.then(() => step(schedule, isClosed, run));
    chain = result.catch(() => undefined);
    return result;
  };
}

function step<T>(schedule: (run: () => void) => void, isClosed: () => boolean, run: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    schedule(() => {
      if (isClosed()) return;
      try {
        resolve(run());
      } catch (thrown) {
        reject(thrown);
      }
    });
  });
}
