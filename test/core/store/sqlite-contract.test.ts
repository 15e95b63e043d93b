import { openSqliteStore } from 'usher-bots';
import { storeContract } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { temporaryFile } from './temporary-file.ts';

describe('a store in memory', () => {
  it.each(storeContract(() => openSqliteStore(':memory:')))('$promise', ({ check }) => check());
});

describe('a store in a file', () => {
  it.each(storeContract(() => openSqliteStore(temporaryFile())))('$promise', ({ check }) => check());
});

describe('a file that two open', () => {
  const twice = () => {
    const file = temporaryFile();
    return [openSqliteStore(file), openSqliteStore(file)] as const;
  };
  it.each(storeContract(twice))('$promise', ({ check }) => check());
});

describe('a store that writes one change at a time', () => {
  it.each(storeContract(() => openSqliteStore(':memory:', { batch: 1 })))('$promise', ({ check }) => check());
});
