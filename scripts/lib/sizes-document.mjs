const start = "<!-- sizes:start -->";
const end = "<!-- sizes:end -->";
const firstBudgetBytes = 80_000;
const signedInBudgetBytes = 122_000;
/** Compressed sizes differ a little between platforms. */
const toleratedBytes = 600;

const template = `# Bundle sizes

Written by \`npm run sizes\`; \`npm test\` fails when a budget is exceeded. Minified for es2024; kB are 1,000 bytes.
"Own code" leaves out every dependency, "with dependencies" has them all. What an application pays lies between,
because it shares dependencies and drops what it does not use.

${start}
${end}
`;

/** docs/sizes.md with the table between its markers; the rest of the page stays as it is. */
export function sizesDocument(sizes, present = template) {
  const page = present.includes(start) && present.includes(end) ? present : template;
  const [before] = page.split(start);
  const [, after] = page.split(end);
  return `${before}${start}\n${table(sizes)}\n${end}${after}`;
}

/** What the README says of the client's size, by the table of docs/sizes.md. */
export function sizeInReadme(page) {
  const [row] = page.split("\n").filter((line) => line.startsWith("| `@peerline/client` |"));
  const kilobytes = Number.parseFloat(row.split("|").at(-2));
  return `[about ${Math.round(kilobytes)} kB](docs/sizes.md) with all dependencies`;
}

/** The README with that in place of what it said before. */
export function readmeWithSize(readme, page) {
  return readme.replace(/\[about \d+ kB\]\(docs\/sizes\.md\) with all dependencies/, sizeInReadme(page));
}

/** One line for each budget that is exceeded. */
export function overBudget({ web }) {
  return [
    ["first load", web.first, firstBudgetBytes],
    ["load once signed in", web.signedIn, signedInBudgetBytes],
  ]
    .filter(([, { gzipBytes }, budget]) => gzipBytes > budget)
    .map(
      ([name, { gzipBytes }, budget]) =>
        `the web client's ${name} is ${kB(gzipBytes)} with gzip, the budget is ${kB(budget)}`,
    );
}

/** One line for each import whose size, dependencies and all, is no longer the one on the page. */
export function outOfDate({ packages }, page) {
  return packages
    .filter(({ name, whole }) => {
      const [row] = page.split("\n").filter((line) => line.startsWith(`| \`${name}\` |`));
      const shownBytes = Number.parseFloat(row?.split("|").at(-2)) * 1_000;
      return !(Math.abs(whole.gzipBytes - shownBytes) <= toleratedBytes);
    })
    .map(({ name, whole }) => `docs/sizes.md: ${name} has ${kB(whole.gzipBytes)} by now. Fix: npm run sizes`);
}

function table({ web, packages }) {
  return [
    "JavaScript of the web client, in all:",
    "",
    "| when | minified | gzip | budget |",
    "|---|---:|---:|---:|",
    `| first load: the page with its name field | ${sizeCells(web.first)} | ${kB(firstBudgetBytes)} |`,
    `| once signed in, ready to call | ${sizeCells(web.signedIn)} | ${kB(signedInBudgetBytes)} |`,
    "",
    "| import | own code | gzip | with dependencies | gzip |",
    "|---|---:|---:|---:|---:|",
    ...packages.map(({ name, own, whole }) => `| \`${name}\` | ${sizeCells(own)} | ${sizeCells(whole)} |`),
  ].join("\n");
}

function sizeCells({ minBytes, gzipBytes }) {
  return `${kB(minBytes)} | ${kB(gzipBytes)}`;
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
