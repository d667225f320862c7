const start = "<!-- sizes:start -->";
const end = "<!-- sizes:end -->";
const firstBudgetBytes = 80_000;
const signedInBudgetBytes = 122_000;

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
