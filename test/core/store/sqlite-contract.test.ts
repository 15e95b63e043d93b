import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from 'usher-bots/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openSqliteStore } from '../../../core/store/sqlite/open-sqlite-store.ts';

let folder = '';
let files = 0;
const newFile = (): string => {
  files += 1;
  return join(folder, `${files}.db`);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'usher-store-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a store in memory', () => {
  it.each(storeContract(() => openSqliteStore(':memory:')))('$promise', ({ check }) => check());
});

describe('a store in a file', () => {
  it.each(storeContract(() => openSqliteStore(newFile())))('$promise', ({ check }) => check());
});

describe('a file that two open', () => {
  const twice = () => {
    const file = newFile();
    return [openSqliteStore(file), openSqliteStore(file)] as const;
  };
  it.each(storeContract(twice))('$promise', ({ check }) => check());
});

describe('a store that writes one change at a time', () => {
  it.each(storeContract(() => openSqliteStore(':memory:', { batch: 1 })))('$promise', ({ check }) => check());
});
