import { build } from './build.ts';

const folder = process.argv[2] ?? 'site/dist';
process.stdout.write(`${build(folder)} pages in ${folder}; open ${folder}/index.html\n`);
