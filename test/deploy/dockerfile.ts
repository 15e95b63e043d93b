import { Copy, type Dockerfile, DockerfileParser, type Instruction } from 'dockerfile-ast';
import { text } from './files.ts';

interface Step {
  readonly keyword: string;
  /** `--from=modules` is `from: 'modules'`. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly words: readonly string[];
  readonly raw: string;
}

/** One stage of the Dockerfile, with what its last image is told to do. */
export interface Stage {
  readonly name: string | undefined;
  readonly image: string;
  readonly instructions: readonly Step[];
}

const parsed: Dockerfile = DockerfileParser.parse(text('Dockerfile'));

const inJson = (raw: string): readonly string[] => {
  const from = raw.indexOf('[');
  return from < 0 ? [] : (JSON.parse(raw.slice(from)) as string[]);
};

export const stages: readonly Stage[] = stagesOf(parsed.getInstructions());

function stagesOf(all: readonly Instruction[]): readonly Stage[] {
  const found: { name: string | undefined; image: string; instructions: Step[] }[] = [];
  for (const instruction of all) {
    const keyword = instruction.getKeyword();
    const words = instruction.getArguments().map((argument) => argument.getValue());
    const raw = instruction.getRawArgumentsContent() ?? '';
    if (keyword === 'FROM') found.push({ name: words[2], image: words[0] ?? '', instructions: [] });
    else found.at(-1)?.instructions.push({ keyword, flags: flagsOf(instruction), words, raw });
  }
  return found;
}

function flagsOf(instruction: Instruction): Step['flags'] {
  const flags = instruction instanceof Copy ? instruction.getFlags() : [];
  return Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue() ?? undefined]));
}

const last = stages.at(-1);
const rawOf = (keyword: string): string =>
  last?.instructions.findLast((instruction) => instruction.keyword === keyword)?.raw ?? '';

/** What the image is run with. */
export const image = {
  environment: Object.fromEntries(
    (last?.instructions ?? [])
      .filter(({ keyword }) => keyword === 'ENV')
      .flatMap(({ words }) => words.map((word) => word.split('=') as [string, string])),
  ),
  user: rawOf('USER'),
  port: Number(rawOf('EXPOSE')),
  entrypoint: inJson(rawOf('ENTRYPOINT')),
  command: inJson(rawOf('CMD')),
  healthcheck: inJson(rawOf('HEALTHCHECK')),
};
