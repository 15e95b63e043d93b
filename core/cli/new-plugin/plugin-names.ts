/** What a plugin is called, wherever it is called something. */
export interface PluginNames {
  /** In kebab-case: the file, and in logs and reports. */
  readonly name: string;
  /** In code. */
  readonly identifier: string;
  /** As the beginning of the name of a class. */
  readonly className: string;
  /** As a heading. */
  readonly title: string;
}

const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const longest = 60;

/** Whether a plugin can be called so. */
export function isPluginName(name: string): boolean {
  return kebabCase.test(name) && name.length <= longest;
}

/** The name that was probably meant, if one is near. */
export function nearestName(name: string): string | undefined {
  const near = name
    .replace(/(\.test)?\.ts$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^[-0-9]+|-+$/g, '');
  return isPluginName(near) ? near : undefined;
}

/** The names that follow from one in kebab-case. Words that the generated files use are not used again. */
export function pluginNames(name: string): PluginNames {
  const className = name
    .split('-')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
  const plain = `${className.charAt(0).toLowerCase()}${className.slice(1)}`;
  return {
    name,
    identifier: taken.has(plain) ? `${plain}Plugin` : plain,
    className,
    title: `${name.charAt(0).toUpperCase()}${name.slice(1)}`.replaceAll('-', ' '),
  };
}

/** Words of the language, and what the templates import or declare. */
const taken: ReadonlySet<string> = new Set(
  [
    'arguments await break case catch class const continue debugger default delete do else enum eval export',
    'extends false finally for function if implements import in instanceof interface let new null package',
    'private protected public return static super switch this throw true try typeof undefined var void while',
    'with yield concatMap definePlugin defineService expect fillTemplate filter it marbles mentions options',
    'phrase says sendMessage sink speaker tap whenState z',
  ].flatMap((line) => line.split(' ')),
);
