import { z } from 'zod';

/** The option that every dialect has: where GWS lives below the origin of the server. Default: '/api/v2'. */
export const basePath = z
  .string()
  .startsWith('/')
  .transform((path) => path.replace(/\/+$/, ''))
  .default('/api/v2');
