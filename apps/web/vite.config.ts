import { env } from "node:process";
import { defineConfig, type Plugin } from "vite";

const defaultWebPort = 5173;
const defaultServerPort = 8080;

const port = portFrom("PEERLINE_WEB_PORT", defaultWebPort);
const host = env.PEERLINE_WEB_HOST ?? "127.0.0.1";

export default defineConfig({
  plugins: [plainImports(), contentSecurityPolicy(), absoluteBase()],
  define: {
    "import.meta.env.VITE_PEERLINE_SERVER": JSON.stringify(env.PEERLINE_SERVER_URL ?? ""),
    "import.meta.env.VITE_PEERLINE_SERVER_PORT": JSON.stringify(portFrom("PEERLINE_PORT", defaultServerPort)),
  },
  server: { host, port, strictPort: true },
  preview: { host, port, strictPort: true },
  build: {
    target: "es2024",
    // Browsers that know light-dark(): its replacement does not follow the stage, which is dark in a light page.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    cssCodeSplit: false,
    modulePreload: false,
  },
});

function portFrom(name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 65_535) return value;
  throw new Error(`${name}=${text} is not a port. Fix: a whole number from 1 to 65535, or leave it unset.`);
}

/** Addresses of calls are below the base: from one of those a relative base would not find the scripts. */
function absoluteBase(): Plugin {
  return {
    name: "peerline:absolute-base",
    configResolved({ base }) {
      if (/^\/(?!\/)/.test(base)) return;
      throw new Error(
        `base "${base}" is not a folder of this host. Fix: one that begins with a slash, such as /calls/`,
      );
    },
  };
}

/** In builds only: the development server of Vite puts its styles inline. The signaling server may be anywhere. */
function contentSecurityPolicy(): Plugin {
  const content = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "connect-src 'self' http: https:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return {
    name: "peerline:content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content },
        injectTo: "head-prepend",
      },
    ],
  };
}

/** In builds: what is loaded later has no styles of its own and imports nothing that is not there, so there is nothing to preload. */
function plainImports(): Plugin {
  return {
    name: "peerline:plain-imports",
    apply: "build",
    enforce: "pre",
    load: (id) =>
      id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : undefined,
  };
}
