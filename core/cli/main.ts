import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { DialectName } from '../../simulator/index.ts';
import { exitCodes } from '../errors.ts';
import type { Shell } from './completion.ts';
import { experimentVerbs } from './experiment/verbs.ts';
import { atLeastOne, command, configOption, share, wholeNumber } from './flags.ts';
import { fleetVerbs } from './fleet/verbs.ts';
import type { PluginKind } from './new-plugin/files.ts';
import { reportError } from './report-error.ts';
import { storeVerbs } from './store/verbs.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Runs the command line; sets the exit code and returns when everything is closed. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(argv);
  } catch (thrown) {
    process.exitCode =
      thrown instanceof CommanderError ? usageExit(thrown) : reportError(thrown, wantsTrace(argv));
  }
}

/** Verbs are loaded when they are called, so that help is there at once. */
export function program(): Command {
  const usher = new Command('usher')
    .description("Bots that take an agent's seat in a Genesys Web Services contact centre.")
    .version(version(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .showHelpAfterError('(usher --help lists commands and flags)')
    .exitOverride()
    .addHelpText('after', exitCodeHelp);

  command(usher, 'start', 'run the agents of the config; without a server, on the embedded simulator')
    .addOption(configOption())
    .option('--bot <name>', 'which bot the config is to run, where it chooses by USHER_BOT')
    .option(
      '--dry-run',
      'let nothing leave the process: show what the bots would do in the chats of the same login',
      false,
    )
    .option(
      '--once',
      'embedded simulator only: end when its customers are served; exit 1 if one was not',
      false,
    )
    .option('--json', 'print every event as a line of JSON', false)
    .option(
      '--show-text',
      "print what people write, also where it would be hidden (a server's chats, not on a TTY)",
    )
    .option(
      '--drain-within <seconds>',
      'how long open chats may take to end, or to be handed over, at a stop',
      wholeNumber,
      20,
    )
    .option(
      '--workers <number>',
      'so many processes share the agents; needs a store and a server',
      atLeastOne,
    )
    .addOption(logLevelOption())
    .action(async (flags) => (await import('./start.ts')).start(flags));

  command(
    usher,
    'drain',
    'have the running process of a config stop: no new chats, and time for the open ones',
  )
    .addOption(configOption())
    .option('--within <seconds>', 'how long the open chats may take; default: as it was started', wholeNumber)
    .option('--json', 'print what became of the chats as JSON', false)
    .action(async (flags) => (await import('./control/drain.ts')).drain(flags));

  fleetVerbs(usher);

  command(usher, 'simulate', 'run the simulated GWS server alone, with customers and a human colleague')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--port <number>', 'the port to listen on', wholeNumber, 4610)
    .option('--agents <number>', 'how many logins: ada, ada2, ada3, …', wholeNumber, 1)
    .option('--capacity <number>', 'chats that one agent is given at a time', wholeNumber, 3)
    .option('--password <text>', "the agents' password", 'usher')
    .option(
      '--every <seconds>',
      'a customer arrives this often while an agent is ready; 0: none',
      wholeNumber,
      6,
    )
    .addOption(
      new Option('--dialect <name>', 'the version of GWS that is spoken')
        .choices(Object.keys(simulatedDialects))
        .default('gws-8.5.0'),
    )
    .option('--strict', "refuse what the version's pages do not show", true)
    .option('--no-strict', 'let other spellings and unknown members pass')
    .option('--csrf', 'require a CSRF token', false)
    .option(
      '--fault <kind=rate>',
      'let this go wrong with this probability, 0 to 1; may be repeated; docs/simulator.md lists the kinds',
      (flag: string, flags: readonly string[] = []) => [...flags, flag],
    )
    .option('--faults <file>', 'the same from a file of JSON, with seed, scope and tunables')
    .option('--seed <number>', 'the same seed gives the same faults; default: a new one', wholeNumber)
    .option('--json', 'print every event as a line of JSON', false)
    .action(async (flags) => (await import('./simulate.ts')).simulate(flags));

  command(usher, 'dev', 'run the agents, and take up changes of their plugins while the chats go on')
    .addOption(configOption())
    .option('--port <number>', 'where the embedded simulator listens', wholeNumber, 4610)
    .addOption(logLevelOption())
    .action(async (flags) => (await import('./dev/dev.ts')).dev(flags));

  command(usher, 'chat', 'play the customer in the terminal')
    .option('--url <url>', 'the server', httpUrl, process.env['GWS_URL'] ?? 'http://127.0.0.1:4610')
    .addOption(contactCenterOption())
    .option('--name <name>', "the customer's name", 'Mia')
    .option('--data <key=value>', 'user data of the chat; may be repeated', keyValue, {})
    .option(
      '--wait <seconds>',
      'where lines are piped in: how long each waits for an answer',
      wholeNumber,
      10,
    )
    .action(async (flags) => (await import('./chat/chat.ts')).chat(flags));

  command(usher, 'test', 'play scenario files with the bots of the config; exit 1 if one fails')
    .argument('[files...]', 'files or folders; default: scenarios, or test/scenarios')
    .addOption(configOption())
    .option('--url <url>', 'play over real sockets, on this server; default: in this process', httpUrl)
    .addOption(contactCenterOption())
    .option('--parallel <number>', 'with --url: how many scenarios at a time', wholeNumber, 4)
    .addOption(
      new Option('--reporter <name>', 'how results are told')
        .choices(['pretty', 'json', 'junit'])
        .default('pretty'),
    )
    .option('--out <file>', 'write the results into a file')
    .option('-w, --watch', 'again whenever a source changes', false)
    .option('--schema', 'print the JSON schema of scenario files, for editors', false)
    .action(async (files, flags) => (await import('./test/test.ts')).test(files, flags));

  command(
    usher,
    'eval',
    'let scripted customers talk to the bots of the config, and measure; exit 1 if a goal is missed',
  )
    .argument('<files...>', 'evaluations: YAML files')
    .addOption(configOption())
    .option('--bot <name>', 'which bot the config is to run, where it chooses by USHER_BOT')
    .option('--compare <file>', 'another config, measured with the same customers')
    .option('--parallel <number>', 'how many customers at a time', wholeNumber, 10)
    .option('--json', 'print the measures as JSON', false)
    .action(async (files, flags) => (await import('./eval/eval.ts')).evaluate(files, flags));

  command(
    usher,
    'replay',
    'run the bots on a recording, and print what they do otherwise; exit 1 if anything',
  )
    .argument('<files...>', 'recordings of one agent')
    .addOption(configOption())
    .option('--json', 'print the differences as JSON', false)
    .option('--to-scenario', 'turn a chat of the recording into a scenario file instead', false)
    .option('--interaction <id>', 'with --to-scenario: which chat')
    .option('--out <file>', 'with --to-scenario: where to; default: print it')
    .action(async (files, flags) => (await import('./replay/replay.ts')).replay(files, flags));

  command(
    usher,
    'shadow',
    'print where a shadow, or a dry run, would have done something else than was done; exit 1 if too often',
  )
    .argument('<files...>', 'recordings of one agent')
    .option('--bot <name>', 'which candidate, where the recording has several')
    .option('--differences <number>', 'how many differences are printed', wholeNumber, 20)
    .option('--max-different <share>', 'exit 1 if more of the turns than this differ, 0 to 1', share)
    .option('--json', 'print the report, with all differences, as JSON', false)
    .action(async (files, flags) => (await import('./shadow/shadow.ts')).shadow(files, flags));

  command(
    usher,
    'check',
    'check config, store, reachability, credentials and dialect; a line per finding, with its fix',
  )
    .addOption(configOption())
    .option('--json', 'print the findings as JSON', false)
    .action(async (flags) => (await import('./check.ts')).check(flags));

  storeVerbs(usher);

  experimentVerbs(usher);

  const plugin = command(usher, 'plugin', 'what is for the authors of plugins').helpCommand(false);
  command(plugin, 'new', 'write a plugin with its test, a scenario and a page, ready to be changed')
    .argument('[name]', 'in kebab-case, such as good-night; asked for on a TTY')
    .addOption(
      new Option('--kind <part>', 'the part that it begins with: docs/plugins.md tells them apart')
        .choices(Object.keys(pluginKinds))
        .default('message'),
    )
    .option('--dir <folder>', 'the folder of the project, with its package.json', '.')
    .option('--force', 'overwrite what exists', false)
    .action(async (name, flags) => (await import('./plugin-new.ts')).pluginNew(name, flags));

  command(usher, 'completion', 'print a script that completes verbs, flags and their values in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(shells)))
    .addHelpText('after', completionHelp)
    .action(async (shell) => (await import('./completion.ts')).completion(shell, usher));
  return usher;
}

/** As an object, so that the compiler misses a name that is not here. */
const simulatedDialects: Readonly<Record<DialectName, true>> = {
  'gws-8.5.0': true,
  'gws-8.5.1': true,
  'gws-8.5.2': true,
};

const pluginKinds: Readonly<Record<PluginKind, true>> = {
  message: true,
  bot: true,
  operation: true,
  session: true,
};

const shells: Readonly<Record<Shell, true>> = { bash: true, zsh: true, fish: true };

function version(): string {
  const file = findPackageJSON(import.meta.url) ?? '';
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function logLevelOption(): Option {
  return new Option('--log-level <level>', 'structured logs on stderr')
    .choices(logLevels)
    .env('LOG_LEVEL')
    .default('silent');
}

function contactCenterOption(): Option {
  return new Option('--contact-center <id>', 'whose customer it is, where the server asks').env(
    'GWS_CONTACT_CENTER_ID',
  );
}

function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin;
  throw new InvalidArgumentError('It must be an http or https URL.');
}

function keyValue(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must look like Key=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Help and version are no failure; everything else that commander refuses is a matter of usage. */
function usageExit({ exitCode }: CommanderError): number {
  return exitCode === 0 ? exitCodes.ok : exitCodes.usage;
}

function wantsTrace(argv: readonly string[]): boolean {
  const at = argv.indexOf('--log-level');
  const level =
    at >= 0
      ? argv[at + 1]
      : (argv.find((flag) => flag.startsWith('--log-level='))?.split('=')[1] ?? process.env['LOG_LEVEL']);
  return level === 'debug' || level === 'trace';
}

const exitCodeHelp = `
Exit codes:
  0    done, or stopped in good order
  1    failed: server, log-in, a customer not served, a scenario, a replay that differs, a shadow too often, a goal missed, chats left at a drain
  2    wrong usage or config
  3    every agent was given up: no connection for too long, or the seat is taken
  130  interrupted before the orderly stop had ended (second Ctrl-C)

Environment: GWS_URL, GWS_USERNAME, GWS_PASSWORD, GWS_DIALECT and what else the config reads;
NAME_FILE holds the path of a file with the value of NAME. LOG_LEVEL, LOG_FORMAT=json|pretty, NO_COLOR.
GWS_CONTACT_CENTER_ID for chat and test --url; USHER_RECORDING_KEY for replay.
This repository's config also reads PORT, HOST, USHER_CONSOLE_TOKEN for the console, and OTEL_… for telemetry.`;

const completionHelp = `
For this shell only:   source <(usher completion bash)    usher completion fish | source
For good, bash:        usher completion bash > ~/.local/share/bash-completion/completions/usher
For good, zsh:         usher completion zsh > a folder of $fpath, as _usher
For good, fish:        usher completion fish > ~/.config/fish/completions/usher.fish`;
