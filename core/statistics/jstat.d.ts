/** The part of jStat that is used here; it brings no types of its own. */
declare module 'jstat' {
  interface Distribution {
    pdf(x: number, ...parameters: number[]): number;
    cdf(x: number, ...parameters: number[]): number;
    inv(p: number, ...parameters: number[]): number;
  }
  const jstat: {
    readonly jStat: {
      readonly normal: Distribution;
      readonly studentt: Distribution;
      readonly chisquare: Distribution;
      readonly beta: Distribution;
      gammaln(x: number): number;
    };
  };
  export default jstat;
}
