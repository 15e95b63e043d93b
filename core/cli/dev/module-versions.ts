import { registerHooks } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The mark of a module that is loaded anew. */
const mark = 'usher';

/** The framework itself: two copies of it in one process would not know each other's tokens. */
const framework = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Lets the sources of a project be loaded again in the same process. A module is loaded anew when it, or anything that
 * it imports, has changed; all others stay the very same, so that what depends on them can tell.
 */
export class ModuleVersions {
  readonly #folder: string;
  readonly #versions = new Map<string, number>();
  /** Who imports a source. */
  readonly #importers = new Map<string, Set<string>>();
  #changes = 0;

  /** `folder`: whose sources are followed, but for what is installed in it. */
  constructor(folder: string) {
    this.#folder = folder.endsWith(sep) ? folder : folder + sep;
    registerHooks({
      resolve: (specifier, context, next) => {
        const resolved = next(specifier, context);
        const path = this.#sourceAt(resolved.url);
        if (path === undefined) return resolved;
        const importers = this.#importersOf(path);
        const importer = this.#sourceAt(context.parentURL);
        if (importer !== undefined) importers.add(importer);
        const version = this.#versions.get(path);
        if (version === undefined) return resolved;
        const url = pathToFileURL(path);
        url.searchParams.set(mark, String(version));
        return { ...resolved, url: url.href };
      },
    });
  }

  /** Whether the source has been loaded, as far as is known. */
  knows(path: string): boolean {
    return this.#importers.has(path);
  }

  /** These have changed: they, and all that depends on them, are loaded anew the next time. */
  invalidate(paths: readonly string[]): void {
    this.#changes += 1;
    const stale = new Set(paths);
    for (const path of stale) {
      this.#versions.set(path, this.#changes);
      for (const importer of this.#importers.get(path) ?? []) stale.add(importer);
    }
  }

  #importersOf(path: string): Set<string> {
    const importers = this.#importers.get(path) ?? new Set<string>();
    this.#importers.set(path, importers);
    return importers;
  }

  #sourceAt(url: string | undefined): string | undefined {
    if (url === undefined || !url.startsWith('file:')) return undefined;
    const path = fileURLToPath(url.split('?', 1)[0] ?? url);
    const isOurs = path.startsWith(framework) || path.includes(`${sep}node_modules${sep}`);
    return path.startsWith(this.#folder) && !isOurs ? path : undefined;
  }
}
