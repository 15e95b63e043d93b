export { mulberry32 as seeded } from '../../../simulator/faults/random.ts';

/** A value of the standard normal distribution (Box and Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
