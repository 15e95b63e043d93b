import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../config.ts';

/** What of a config has changed beside the bots: a running process cannot take it up. */
export function changesBeside(before: Config, after: Config): readonly string[] {
  const changed = (['origin', 'stores', 'endurance', 'network'] as const).filter(
    (field) => !isDeepStrictEqual(before[field], after[field]),
  );
  const kinds = ({ plugins }: Config) => plugins.map(({ definition, options }) => ({ definition, options }));
  const seats = ({ agents }: Config) => agents.map(({ bots: _bots, ...seat }) => seat);
  return [
    ...changed.map((field) => (field === 'stores' ? 'store' : 'server')),
    ...(before.dialect.name === after.dialect.name ? [] : ['server']),
    ...(isDeepStrictEqual(seats(before), seats(after)) ? [] : ['agents']),
    ...(isDeepStrictEqual(kinds(before), kinds(after)) ? [] : ['plugins']),
  ].filter((field, at, all) => all.indexOf(field) === at);
}
