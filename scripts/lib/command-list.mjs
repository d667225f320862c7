/** Pages whose shell blocks are one script together. */
export const scriptPages = new Map([["docs/protocol.md", { prints: /"ping"/ }]]);

const prints = (text) => ({ prints: text });
/** Run in a copy of the repository, which it may write into. */
const writes = (text) => ({ prints: text, lane: "writes" });
/** Run against the `npm start` of the test. */
const served = (text) => ({ prints: text, lane: "served" });
/** Never ends by itself: run until it prints this. */
const until = (text) => ({ prints: text, stays: true });
/** Run in a shorter form. */
const shorter = (as, why, text) => ({ as, why, prints: text });
const not = (why) => ({ why });

const isChecks = not("`npm test` and `npm run check` run this test");
const isPart = not("is a part of `npm run check`, which takes longer than this test may");
const isName = not("names a tool in a sentence");

/** What becomes of each command of the pages: how it is run, or why it is not. */
export const commandList = new Map([
  ["npm start", { prints: /people {2}|localhost:\d+\/\?as=/, lane: "start" }],
  ["PEERLINE_PORT=9080 PEERLINE_WEB_PORT=6173 npm start", not("`npm start` is run with these two variables")],
  ["npm run first-call", served(/^Ben read: Hello\. The call ended: hung-up$/m)],
  [
    "PEERLINE_SERVER_URL=http://localhost:9080 npm run first-call",
    served(/^Ben read: Hello\. The call ended: hung-up$/m),
  ],
  ["npm run server -- --help", prints(/--port/)],
  ["npm run server -- --dev", until(/peerline-server ready http/)],
  ["npm run bot -- --help", prints(/Exit codes/)],
  ["npx node --version", prints(/^v26\./m)],
  ["npm run figures -w e2e", prints(/^ {2}storm /m)],
  ["npm run replay -w reliability -- --seed 4571", prints(/seed 4571: every invariant held/)],
  [
    "npm run soak -w reliability -- --runs 100000",
    shorter("npm run soak -w reliability -- --runs 10", "takes a quarter of an hour", /virtualHours/),
  ],
  [
    "npm run fuzz -w apps/server",
    shorter("npm run fuzz -w apps/server -- --decoder 100 --service 20", "takes minutes", /"defects":\[\]/),
  ],
  [
    'npx vitest run --root packages/call-machine src/call/machine.test.ts -t "dial"',
    prints(/Tests .*[1-9]\d* passed/),
  ],
  [
    "cd packages/call-machine && SEED=1234 npx vitest run src/two-sessions.test.ts",
    prints(/Tests .*[1-9]\d* passed/),
  ],
  [
    "cd packages/call-machine && UPDATE=1 npx vitest run src/call/table.test.ts src/session/table.test.ts src/record/decide.test.ts",
    writes(/Tests .*[1-9]\d* passed/),
  ],
  [
    "cd proto && npx buf lint && npx buf format -w && npx buf breaking --against released/v0.1.0.binpb && cd ..",
    writes(/^$/),
  ],
  ["npm run generate", writes(/2 successful/)],
  ["npm run format", writes(/Checked \d+ files/)],
  ["npm run fixtures -w packages/protocol", writes(/write-fixtures/)],
  ["npm run lock:platforms", writes(/names every platform's packages/)],
  // Whether the budgets are kept is for `npm test` to say.
  ["npm run sizes", { ...writes(/written: /), codes: [0, 1] }],
  ["npm run reliability -- --waits", writes(/reliability/)],
  ["npm run clean", writes(/clean\.mjs/)],

  ["npm test", isChecks],
  ["npm run check", isChecks],
  ["npm run lint", isPart],
  ["npm run typecheck", isPart],
  ["npx vitest run --root packages/call-machine", not("is a part of `npm run check`; one file of it is run")],
  ["npm run dev", not("the programs of `npm start`, which is run, on ports that may be taken")],
  ["npm run build", not("packages are built and packed by a test of their own")],
  ["npm run lab", not("is a part of `npm test`; needs root")],
  ["npm run lab:clean -w e2e", not("would take the networks of a lab that runs beside this test")],
  [
    'cd e2e && npx playwright test tests/call.spec.ts -g "both calling"',
    not("needs a browser; `npm test` runs the file"),
  ],
  ["npm run explore -w reliability", not("takes most of an hour; `npm test` explores the small worlds")],
  ["npm run mutants", not("takes hours")],
  ["npm run reliability", not("reads the reports of a whole `npm test`")],
  ["npm run soak -w reliability", not("never ends by itself in useful time; a short form is run")],
  ["npm run release-image -w proto", not("is for releases: the present version has its image")],
  ["npm run release-image --workspace proto", not("is for releases: the present version has its image")],
  ["git clone <this repository> peerline && cd peerline", not("the address is the reader's")],
  ["git diff", not("opens a pager in a terminal")],
  ["npm install", not("a word in a sentence: the setup runs `npm ci`")],
  ["npm pack", not("what not to do")],
  ["npm run replay -w reliability -- --seed N", not("N stands for a seed; 4571 is run")],
  ["buf lint", isName],
  ["buf format", isName],
  ["buf breaking", isName],
  ["buf generate", isName],
  ["buf curl", isName],
  ["npm run", isName],
]);

/** The figures of docs/reliability.md, each of which takes minutes or hours. */
export const figureCommand = /^npm run (figures -w e2e|fuzz -w apps\/server|soak -w reliability) -- (.+)$/;
