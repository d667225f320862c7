/** The programs that build the networks of `e2e/lab`, with the Debian packages that bring them. */
export const labPrograms = { turnserver: "coturn", ip: "iproute2", nft: "nftables" };

/** The packages of the programs that are not installed. */
export function missingPackages(programs, isInstalled) {
  return Object.entries(programs)
    .filter(([program]) => !isInstalled(program))
    .map(([, name]) => name);
}
