// npm run build: bundles this folder into ../static/player.js and ../static/player.css.
//
// The first line of both outputs is `/* sources: <hex> */`, the SHA-256 of the sources:
//   for each file below js/, sorted by its posix path relative to js/, this file left out:
//     path bytes, one zero byte, content bytes, one zero byte.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [relative(here, path).split(sep).join("/")];
  });
}

const sha = createHash("sha256");
for (const path of filesBelow(here).filter((path) => path !== "build.mjs").sort()) {
  sha.update(path).update("\0").update(readFileSync(join(here, path))).update("\0");
}
const banner = `/* sources: ${sha.digest("hex")} */`;

await build({
  entryPoints: [join(here, "player.js"), join(here, "player.css")],
  outdir: join(here, "..", "static"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome100", "safari15", "firefox102"],
  charset: "utf8",
  legalComments: "none",
  banner: { js: banner, css: banner },
  logLevel: "info",
});
