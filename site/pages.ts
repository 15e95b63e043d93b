/** A page of the site, made from a Markdown file or by the builder. */
export interface Page {
  /** The Markdown file it is made from, below the root of the repository; none for generated pages. */
  readonly source?: string;
  /** The file or folder that it tells of, for links to that. */
  readonly tellsOf?: string;
  /** Its address below the root of the site, without a suffix. */
  readonly path: string;
  /** Its name in the menu. */
  readonly name: string;
  /** What it is for, in `llms.txt`. */
  readonly about: string;
}

interface Section {
  readonly name: string;
  readonly pages: readonly Page[];
}

const doc = (path: string, name: string, about: string): Page => ({
  source: `docs/${path}.md`,
  path,
  name,
  about,
});

/** The menu. Every file of docs/ is in it; test/site/site.test.ts sees to that. */
export const sections: readonly Section[] = [
  {
    name: 'Start',
    pages: [
      { source: 'README.md', path: 'index', name: 'Usher', about: 'what it is, a first plugin, its tables' },
      doc('getting-started', 'Getting started', 'from an empty folder to a bot that serves chats'),
      doc('concepts', 'Concepts', 'the words and the picture of the whole'),
      doc('peers', 'How it differs', 'Usher beside other frameworks and products'),
    ],
  },
  {
    name: 'Plugins',
    pages: [
      doc('plugins', 'Write a plugin', 'parts, lanes, limits, failures'),
      doc('virtual-agents', 'Virtual agents', 'brains in the seat, and what keeps them in bounds'),
      doc('operators', 'Operators', 'the streams of an interaction, drawn as marbles'),
      doc('testing', 'Testing', 'plugins in virtual time, faults, whole processes'),
      doc('scenarios', 'Scenarios', 'chats in YAML files, for usher test'),
      doc('recordings', 'Recordings', 'what a session saw and did, redacted, and played again'),
      doc('experiments', 'Experiments', 'arms, metrics and guards on real chats, and how figures are judged'),
      doc('shadow', 'Shadow and dry run', 'a candidate beside the bot or the human who does the work'),
      doc('simulator', 'Simulator', 'a GWS server for tests and demos, with faults'),
    ],
  },
  {
    name: 'Reference',
    pages: [
      doc('operations', 'Operations', 'what a bot can do, what permits it, how it ends'),
      doc('events', 'Events', 'notifications, streams and journal entries'),
      doc('configuration', 'Configuration', 'every field of bots.config.ts'),
      doc('command-line', 'Command line', 'verbs, flags, exit codes, environment'),
      doc('errors', 'Errors', 'every code with its fix'),
      doc('dialects', 'Dialects', 'versions of the GWS wire, and one of your own'),
      {
        path: 'api/usher-bots',
        tellsOf: 'core/index.ts',
        name: 'usher-bots',
        about: 'API reference of the public door',
      },
      {
        path: 'api/testing',
        tellsOf: 'core/testing/index.ts',
        name: 'usher-bots/testing',
        about: 'API reference of the testing kit',
      },
      {
        path: 'api/simulator',
        tellsOf: 'simulator/index.ts',
        name: 'usher-bots/simulator',
        about: 'API reference of the simulator',
      },
      {
        path: 'api/plugins',
        tellsOf: 'plugins/',
        name: 'Plugins and bots',
        about: 'the plugins that ship, with their options',
      },
    ],
  },
  {
    name: 'Run',
    pages: [
      doc('connecting', 'Connecting', 'log-in, tokens, proxies, certificates, web sockets'),
      doc(
        'console',
        'Console and playground',
        'looking at agents and chats, stepping in, playing the customer',
      ),
      doc('metrics', 'Probes, metrics, traces', 'what to watch: names, dashboard, alerts, OTLP, logs'),
      doc('deployment', 'Deployment', 'systemd, containers, Kubernetes'),
      doc('operations/scale', 'Scale', 'many processes that share the agents'),
      doc('store', 'Store', 'what outlives the process'),
      doc('analytics', 'Analytics', 'what happens in chats, told to a file, over HTTP, to NATS'),
      doc('security', 'Security', 'what is protected, and what you must protect'),
    ],
  },
  {
    name: 'Inside',
    pages: [
      doc('promises', 'Promises', 'what you may rely on, with the tests that prove it'),
      doc('reconciliation', 'Lost answers', 'how an operation without an answer is settled'),
      doc('benchmarks', 'Benchmarks', 'what the promises cost'),
      doc('dependencies', 'Dependencies', 'the libraries and why'),
      { source: 'CHANGELOG.md', path: 'changelog', name: 'Changes', about: 'what changed' },
    ],
  },
];

export const pages: readonly Page[] = sections.flatMap((section) => section.pages);

/** The page that is made from a file, or tells of it. */
export function pageOf(file: string): Page | undefined {
  return pages.find(({ source, tellsOf }) => source === file || tellsOf === file);
}
