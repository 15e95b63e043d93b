/** Does something again and again, in lanes beside each other, and returns how often it was done in a second. */
export async function perSecond(
  lanes: number,
  duration: number,
  work: (lane: number, turn: number) => Promise<unknown>,
): Promise<number> {
  const begin = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let turn = 0; performance.now() - begin < duration; turn += 1) {
        await work(lane, turn);
        done += 1;
      }
    }),
  );
  return (done / (performance.now() - begin)) * 1_000;
}
