import { z } from "zod";
import { isNetwork } from "../http/networks.ts";
import { isStunUrl, isTurnUrl } from "./ice-url.ts";

const maxSeconds = 86_400;
const isOrigin = (text: string) => URL.parse(text)?.origin === text && !text.includes("*");

/** Text that is a number as people write one: no hexadecimal, no exponent, no space. */
const digits = (fix: string) =>
  z
    .string(fix)
    .regex(/^\d{1,9}(\.\d{1,3})?$/, fix)
    .transform(Number);

const seconds = (fix = `use a number of seconds above 0, at most ${maxSeconds}`) =>
  digits(fix).pipe(z.number(fix).positive(fix).max(maxSeconds, fix));

const list = (check: z.ZodType<string>) =>
  z.preprocess(
    (value) =>
      (Array.isArray(value) ? value : [value])
        .flatMap((item) =>
          String(item)
            .split(",")
            .map((part) => part.trim()),
        )
        .filter((part) => part !== ""),
    z.array(check).min(1, "use one value or more"),
  );

const yesNo = z
  .enum(["1", "true", "0", "false"], "use 1 or 0")
  .transform((word) => word === "1" || word === "true");

const flag = z.union([z.boolean(), yesNo], "use 1 or 0");

const portFix = "use a number from 0 to 65535";
const ringFix = "use 15 to 120";
const minRingSeconds = 15;
const maxRingSeconds = 120;

/** The values of all flags, from the command line or the environment. Each message is a fix. */
export const settingsSchema = z
  .object({
    dev: flag,
    "dev-anywhere": flag,
    host: z.string().regex(/^[^\s/]+$/, 'use an address or a host\'s name, such as "0.0.0.0"'),
    port: digits(portFix).pipe(z.number(portFix).int(portFix).max(65_535, portFix)),
    "allow-origin": list(
      z.string().refine(isOrigin, 'use an origin like "https://app.example.com", without a path'),
    ),
    "trusted-proxy": list(
      z.string().refine(isNetwork, 'use an address or a network, such as "10.0.0.7" or "10.0.0.0/8"'),
    ),
    "ring-seconds": digits(ringFix).pipe(
      z.number().min(minRingSeconds, ringFix).max(maxRingSeconds, ringFix),
    ),
    "detach-grace-seconds": seconds(),
    "unreachable-seconds": seconds(),
    "lease-seconds": seconds(),
    "stun-url": list(z.string().refine(isStunUrl, "use stun:host:port")),
    "turn-url": list(
      z.string().refine(isTurnUrl, "use turn:host:port or turns:host:port, and ?transport=udp or tcp"),
    ),
    "log-level": z.enum(
      ["debug", "info", "warn", "error", "silent"],
      "use debug, info, warn, error or silent",
    ),
  })
  .partial();

export type Settings = z.infer<typeof settingsSchema>;
