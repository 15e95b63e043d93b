import pg from 'pg';
import type { PostgresServer } from '../../test/postgres/postgres-server.ts';

/** An empty database in the place of the one before; its URL. */
export async function freshDatabase(server: PostgresServer): Promise<string> {
  const client = new pg.Client(server.url());
  await client.connect();
  try {
    await client.query('drop database if exists bench with (force)');
    await client.query('create database bench');
  } finally {
    await client.end();
  }
  return server.url('bench');
}
