// Bundles the extension into dist/extension.js, or with --test the tests into out/.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, context } from "esbuild";

const flags = new Set(process.argv.slice(2));
const production = flags.has("--production");

/** @type {import("esbuild").BuildOptions} */
const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  logLevel: "info",
};

/** @type {import("esbuild").BuildOptions} */
const extension = {
  ...common,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  minify: production,
  sourcemap: production ? false : "linked",
  // The ES module builds of the JSON and protocol libraries, so that what is unused can be dropped.
  mainFields: ["module", "main"],
};

if (flags.has("--test")) {
  rmSync("out", { recursive: true, force: true });
  await build(extension);
  await build({
    ...common,
    entryPoints: readdirSync("test").filter((name) => name.endsWith(".test.ts")).map((name) => `test/${name}`),
    outdir: "out",
    outExtension: { ".js": ".cjs" },
    sourcemap: "inline",
    // Its WebAssembly file is read from the package's own directory.
    external: ["vscode", "vscode-oniguruma"],
  });
} else if (flags.has("--watch")) {
  const watching = await context(extension);
  await watching.watch();
} else {
  const { metafile } = await build({ ...extension, metafile: true });
  writeFileSync("dist/THIRD-PARTY-NOTICES.txt", notices(Object.keys(metafile.inputs)));
}

/** The licenses of the packages whose code is in the bundle, which they ask to be passed on. */
function notices(/** @type {string[]} */ inputs) {
  const packages = new Set(
    inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.slice(1, 2) ?? []),
  );
  return [...packages]
    .sort()
    .map((directory) => {
      const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
      const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? "" : readFileSync(join(directory, file), "utf8").trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}
