import { storeContract } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { emptyStore, emptyStoreTwice } from './new-postgres-store.ts';

describe('a database', () => {
  it.each(storeContract(() => emptyStore()))('$promise', ({ check }) => check());
});

describe('a database that two open', () => {
  it.each(storeContract(() => emptyStoreTwice()))('$promise', ({ check }) => check());
});

describe('a database with one connection, and few changes at a time', () => {
  it.each(storeContract(() => emptyStore({ batch: 3, connections: 1 })))('$promise', ({ check }) => check());
});
